/* What we ask of the operating system: files that survive a crash, directories only we can read,
 * locks, random bytes, the terminal, and who we are. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

/* The whole file; ST_LIMIT beyond `max_bytes`, ST_NOT_FOUND when it is not there. "-" is standard
 * input. */
enum status os_read_file(struct arena *a, const char *path, size_t max_bytes, struct str *ret_text,
                         struct error *err);

/* The same for a file that steers us: it must be a file of ours (or of root), and closed to the
 * writing of others. ST_INVALID otherwise. */
enum status os_read_trusted_file(struct arena *a, const char *path, size_t max_bytes,
                                 struct str *ret_text, struct error *err);

/* The same for what may be large: a file of known size is read into its place at once. What changes
 * while it is read is refused (ST_CONFLICT). ST_LIMIT beyond half of LIMIT_COMMAND_BYTES. */
enum status os_read_large_file(struct arena *a, const char *path, struct str *ret_text,
                               struct error *err);

/* Writes a new file of mode 0600 through a temporary name, fsyncs it and its directory. Replaces
 * what was there; on failure what was there stays. ST_FULL when the disk is full. */
enum status os_write_file(const char *path, struct str text, struct error *err);

/* The same, but refuses to replace (ST_CONFLICT). */
enum status os_create_file(const char *path, struct str text, struct error *err);

/* Makes an empty file of mode 0600 unless there is one; closes an existing one to others. */
enum status os_make_private_file(const char *path, struct error *err);

/* Makes a file of mode 0600 with so many bytes of nothing, synced, unless there is one of at least
 * that size. Later os_fill_reserved_file puts a text into it and gives it its name, which needs no
 * room on the disk; synced. ST_LIMIT: the text is longer. */
enum status os_reserve_file(const char *path, size_t bytes, struct error *err);
enum status os_fill_reserved_file(const char *path, const char *new_path, struct str text,
                                  struct error *err);

enum status os_remove_file(const char *path, struct error *err); /* absent is fine */
bool os_exists(const char *path);

/* Makes a directory of mode 0700, parents too; an existing one must be ours and closed to others
 * (its mode is set to 0700). */
enum status os_make_private_directory(const char *path, struct error *err);

/* Permission bits of a file or directory, and whether it is ours. False when it is not there. */
bool os_file_mode(const char *path, unsigned *ret_mode, bool *ret_is_ours);

int64_t os_free_bytes(const char *path); /* of its disk, for us; -1 when unknown */

/* Name of the network file system that the path lies on, NULL when it is local. */
const char *os_network_file_system(const char *path);

/* Names in a directory that end with `suffix`, in byte order. */
enum status os_list_directory(struct arena *a, const char *path, const char *suffix,
                              const char *const **ret_names, size_t *ret_n_names,
                              struct error *err);

/* A lock on a file, held by the process until released, gone with it. ST_BUSY when somebody else
 * holds it. Shared locks exclude exclusive ones only. */
enum os_lock_mode { OS_LOCK_SHARED, OS_LOCK_EXCLUSIVE };
enum status os_lock(const char *path, enum os_lock_mode mode, int *ret_handle, struct error *err);
enum status os_lock_change(int handle, enum os_lock_mode mode, struct error *err);
void os_unlock(int handle);

void os_random(void *at, size_t bytes); /* from the kernel; gives up when it has none */
uint64_t os_random_u64(void);

const char *os_environment(const char *name); /* NULL when unset or empty */
const char *os_home(void);                    /* NULL when unknown */
struct str os_user_name(struct arena *a);     /* of the process */

/* A text that differs on every machine and stays the same on one: from /etc/machine-id. */
struct str os_machine_id(struct arena *a);
uint64_t os_file_identity(const char *path); /* inode; 0 when there is no file */

struct str os_time_zone(struct arena *a); /* IANA name that the machine is set to, else "UTC" */

/* "pid:start:namespace" of this process, and what became of the process of such a mark on this
 * machine: what stands in another PID namespace (a container's) cannot be told. */
struct str os_process_mark(struct arena *a);
enum os_life { OS_ALIVE, OS_GONE, OS_UNTOLD };
enum os_life os_process_life(struct str mark);

/* Opens the standard descriptors that are closed, on /dev/null, so that no file of ours gets their
 * numbers and what is printed goes into none. */
void os_keep_standard_descriptors(void);

/* While something is under way whose loss a person would have to mend, a process that was told to
 * stop goes on to the end of it. Calls may nest. */
void os_critical_begin(void);
void os_critical_end(void);
bool os_is_critical(void);

/* The terminal */
bool os_is_terminal(int descriptor);
int os_terminal_columns(void); /* of standard output; 0 when it is none */

/* One line from the terminal itself, without echo when `hidden`. ST_INVALID when there is no
 * terminal, ST_CANCELLED when a signal or the end of input came instead; the terminal is as before
 * then, too. The line's memory is wiped by the arena's end when hidden. */
enum status os_ask(struct arena *a, const char *prompt, bool hidden, struct str *ret_line,
                   struct error *err);

void os_wipe(void *at, size_t bytes); /* not optimised away; nothing at NULL is fine */

int64_t os_peak_memory_bytes(void);
