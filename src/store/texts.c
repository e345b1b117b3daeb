/* Keeping text. */
#include "store/texts.h"

struct str text_keep(struct arena *a, struct str text)
{
    return text.at == NULL ? STR_NONE : arena_copy(a, text);
}

void texts_keep(struct arena *a, struct str *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *texts[i] = text_keep(a, *texts[i]);
}
