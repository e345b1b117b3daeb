/* stellion completion, and __complete, which the scripts that it prints ask. The scripts know
 * nothing themselves, so that they stay right with every version. */
#include "cli/commands.h"
#include "cli/complete.h"

static const struct option no_options[] = { OPTION_END };

/* readline cuts words at = and :, which are put together again; and takes back what stands before
 * the last cut. */
static const char bash[] =
    "# Completion of stellion for bash: eval \"$(stellion completion bash)\"\n"
    "_stellion() {\n"
    "    local words=() part glue= i\n"
    "    for ((i = 1; i <= COMP_CWORD; i++)); do\n"
    "        part=${COMP_WORDS[i]}\n"
    "        if ((${#words[@]} > 0)) && [[ $part == [=:]* || -n $glue ]]; then\n"
    "            words[-1]+=$part\n"
    "        else\n"
    "            words+=(\"$part\")\n"
    "        fi\n"
    "        glue=\n"
    "        [[ $part == *[=:] ]] && glue=1\n"
    "    done\n"
    "    local last=${COMP_WORDS[COMP_CWORD]}\n"
    "    [[ $last == [=:] ]] && last=\n"
    "    local before=${words[-1]%\"$last\"}\n"
    "    local program=${COMP_WORDS[0]/#\\~/$HOME}\n"
    "    mapfile -t COMPREPLY < <(\"$program\" __complete bash \"${words[@]}\" 2>/dev/null)\n"
    "    if [[ ${COMPREPLY[0]-} == :files ]]; then\n"
    "        COMPREPLY=()\n"
    "        compopt -o default\n"
    "        return\n"
    "    fi\n"
    "    COMPREPLY=(\"${COMPREPLY[@]#\"$before\"}\")\n"
    "    COMPREPLY=(\"${COMPREPLY[@]//\\$/\\\\\\$}\") # a parameter may hold a dollar sign\n"
    "}\n"
    "complete -F _stellion stellion\n";

static const char zsh[] =
    "#compdef stellion\n"
    "# Completion of stellion for zsh: a file _stellion in $fpath, or, behind compinit,\n"
    "# source <(stellion completion zsh)\n"
    "_stellion() {\n"
    "    local -a found\n"
    "    found=(\"${(@f)$(${~words[1]} __complete zsh \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\")\n"
    "    if [[ $found[1] == :files ]]; then\n"
    "        _files\n"
    "    elif [[ -n $found[1] ]]; then\n"
    "        _describe stellion found\n"
    "    fi\n"
    "}\n"
    "if [[ $funcstack[1] == _stellion ]]; then\n"
    "    _stellion \"$@\"\n"
    "else\n"
    "    compdef _stellion stellion\n"
    "fi\n";

static const char fish[] =
    "# Completion of stellion for fish: stellion completion fish | source\n"
    "function __stellion_complete\n"
    "    set -l words (commandline -opc)\n"
    "    set -l current (commandline -ct)\n"
    "    set -l found ($words[1] __complete fish $words[2..-1] \"$current\" 2>/dev/null)\n"
    "    if test \"$found[1]\" = :files\n"
    "        __fish_complete_path \"$current\"\n"
    "    else\n"
    "        string join \\n -- $found\n"
    "    end\n"
    "end\n"
    "complete -c stellion -k -f -a '(__stellion_complete)'\n";

static const struct {
    const char *name, *script;
} shells[] = {
    [SHELL_BASH] = { "bash", bash },
    [SHELL_ZSH] = { "zsh", zsh },
    [SHELL_FISH] = { "fish", fish },
};

static enum status find_shell(const char *name, enum shell *ret_shell, struct error *err)
{
    for (size_t i = 0; i < ARRAY_LEN(shells); i++)
        if (strcmp(name, shells[i].name) == 0) {
            *ret_shell = (enum shell)i;
            return ST_OK;
        }
    return fail(err, ST_INVALID, "there is completion for bash, zsh and fish, not for '%s'", name);
}

static enum status run_completion(struct context *c, struct error *err)
{
    enum shell shell = SHELL_BASH;
    TRY(find_shell(c->words[0], &shell, err));
    return output_text(str_of(shells[shell].script), err);
}

const struct command command_completion = {
    .name = "completion",
    .arguments = "bash|zsh|fish",
    .summary = "Print completion for a shell.",
    .doc = "Prints a script that completes commands, options, actions, their parameters and what "
           "these may be. Its first lines say where it goes; `make install` puts it there.",
    .options = no_options,
    .settings_bytes = 1,
    .least_words = 1,
    .most_words = 1,
    .run = run_completion,
};

static enum status run_complete(struct context *c, struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    enum shell shell = SHELL_BASH;
    if (c->n_arguments == 0)
        return fail(err, ST_INVALID, "usage: stellion __complete bash|zsh|fish [WORD ...]");
    struct error ignored; /* of a wrong file the next command tells */
    TRY(find_shell(c->arguments[0], &shell, err));
    (void)load_overrides(c, &ignored);
    complete_words(c->a, &text, shell, c->overrides, (const char *const *)c->arguments + 1,
                   (size_t)c->n_arguments - 1);
    TRY(buf_status(&text, "the candidates", err));
    return output_text(buf_str(&text), err);
}

const struct command command_complete = {
    .name = "__complete",
    .arguments = "bash|zsh|fish [WORD ...]",
    .summary = "What may stand next; for the scripts of `completion`.",
    .doc = "Prints what may stand at the end of an unfinished command line.",
    .options = no_options,
    .settings_bytes = 1,
    .flags = PARSES_ITSELF | HIDDEN,
    .run = run_complete,
};
