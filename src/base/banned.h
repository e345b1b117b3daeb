/* Names that no file of src/ may use. Force-included by the build before the first line of each
 * file, after the standard headers that declare them, so that a use is a compile error and not a
 * matter for review. Each has a safer twin in base: str and buf for text, os for files and time,
 * arena for memory. */
#pragma once

/* In front of every system header, hence here: accept4, getrandom, O_CLOEXEC and their kind. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets
#pragma GCC poison atoi atol atoll atof
#pragma GCC poison scanf sscanf fscanf
#pragma GCC poison localtime localtime_r gmtime ctime asctime
#undef alloca
#pragma GCC poison alloca
