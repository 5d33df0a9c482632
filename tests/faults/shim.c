/* Stands between a child program and its disk, by LD_PRELOAD: writes down what is done below one folder, in order,
 * and makes the n-th call of a kind fail.
 *
 * SHIM_ROOT   the folder; what lies elsewhere is left alone.
 * SHIM_LOG    where everything is written down; nothing is when unset. tests/src/shim.rs reads it.
 * SHIM_FAULT  "kind n how [ending]": the n-th call of that kind, on paths with that ending, goes wrong like that.
 *             Kinds: open read write size sync rename unlink mkdir.
 *             How: EIO, ENOSPC; SHORT (half of it, then ENOSPC once); FULL (ENOSPC from there on); FLIP (one bit).
 *
 * A line on standard output is written down among the rest: that is how a child says what it acknowledged.
 * Memory maps are not seen: SQLite maps the -shm file alone, and makes it anew. Neither are raw system calls. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4096

/* What is open: a number of its own for every opening, and the path. */
static struct { uint32_t number; char path[PATH_MAX]; } files[FILES];
static uint32_t openings;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_length;
static int log_file = -1;

static struct { char kind[16], how[16], ending[64]; long at; } fault;
static long calls;
static int is_full, fails_next;

enum { CREATED = 1, EMPTIED = 2, FOLDER = 4 };

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("SHIM_ROOT"), *log = getenv("SHIM_LOG"), *plan = getenv("SHIM_FAULT");
    if (!folder || !realpath(folder, root)) return;
    root_length = strlen(root);
    if (plan) sscanf(plan, "%15s %ld %15s %63s", fault.kind, &fault.at, fault.how, fault.ending);
    if (log) log_file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
}

static void put(const void *bytes, size_t length) {
    for (const char *at = bytes; length > 0;) {
        ssize_t done = syscall(SYS_write, log_file, at, length);
        if (done <= 0) abort();
        at += done, length -= (size_t)done;
    }
}

/* One entry: kind, number of the opening, position or length or flags, two texts. Little-endian, as the machine is. */
static void note(char kind, uint32_t number, uint64_t at, const char *path, const void *bytes, size_t length) {
    if (log_file < 0) return;
    uint32_t lengths[2] = {path ? (uint32_t)strlen(path) : 0, (uint32_t)length};
    put(&kind, 1), put(&number, 4), put(&at, 8), put(lengths, 8);
    put(path, lengths[0]), put(bytes, lengths[1]);
}

/* The path below the folder, or NULL for what lies elsewhere. */
static const char *ours(const char *path) {
    if (!root_length || strncmp(path, root, root_length)) return NULL;
    if (path[root_length] == '\0') return "";
    return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

/* The path of what is named beside an open folder; `room` holds it where it has to be put together. */
static const char *beside(int folder, const char *name, char room[PATH_MAX]) {
    if (name[0] == '/' || folder == AT_FDCWD) return ours(name);
    if (folder < 0 || FILES <= folder || !files[folder].number) return NULL;
    snprintf(room, PATH_MAX, "%s%s%s", files[folder].path, files[folder].path[0] ? "/" : "", name);
    return room;
}

static int is_ours(int fd) { return 0 <= fd && fd < FILES && files[fd].number; }

/* How this call is to go wrong: the empty word when it is not. */
static const char *strike(const char *kind, const char *path) {
    size_t length = strlen(path), ending = strlen(fault.ending);
    if (is_full && (!strcmp(kind, "write") || !strcmp(kind, "mkdir"))) return "ENOSPC";
    if (fails_next && !strcmp(kind, "write")) return fails_next = 0, "ENOSPC";
    if (strcmp(kind, fault.kind) || length < ending || strcmp(path + length - ending, fault.ending)) return "";
    if (++calls != fault.at) return "";
    if (!strcmp(fault.how, "SHORT")) fails_next = 1;
    if (!strcmp(fault.how, "FULL")) return is_full = 1, "ENOSPC";
    return fault.how;
}

/* Whether the call fails; then errno says why. */
static int fails(const char *how) {
    int no = !strcmp(how, "EIO") ? EIO : !strcmp(how, "ENOSPC") ? ENOSPC : 0;
    if (no) errno = no;
    return no;
}

/* ---- open, close ---- */

static int opened(int folder, const char *name, int flags, mode_t mode) {
    char room[PATH_MAX];
    const char *path = beside(folder, name, room);
    if (!path) return (int)syscall(SYS_openat, folder, name, flags, mode);
    pthread_mutex_lock(&lock);
    struct stat was;
    int existed = !fstatat(folder, name, &was, 0), fd = -1;
    int is_refused = is_full && !existed && (flags & O_CREAT) ? (errno = ENOSPC) : fails(strike("open", path));
    if (!is_refused) fd = (int)syscall(SYS_openat, folder, name, flags, mode);
    if (0 <= fd && fd < FILES) {
        int is_folder = existed && S_ISDIR(was.st_mode);
        files[fd].number = ++openings;
        snprintf(files[fd].path, PATH_MAX, "%s", path);
        note('O', openings, (existed ? 0 : CREATED) | (flags & O_TRUNC ? EMPTIED : 0) | (is_folder ? FOLDER : 0), path, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

static mode_t mode_of(int flags, va_list list) {
    return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(list, mode_t) : 0;
}
#define WITH_MODE(call) va_list list; va_start(list, flags); mode_t mode = mode_of(flags, list); va_end(list); return call
int open(const char *name, int flags, ...) { WITH_MODE(opened(AT_FDCWD, name, flags, mode)); }
int open64(const char *name, int flags, ...) { WITH_MODE(opened(AT_FDCWD, name, flags | O_LARGEFILE, mode)); }
int openat(int folder, const char *name, int flags, ...) { WITH_MODE(opened(folder, name, flags, mode)); }
int openat64(int folder, const char *name, int flags, ...) { WITH_MODE(opened(folder, name, flags | O_LARGEFILE, mode)); }
int creat(const char *name, mode_t mode) { return opened(AT_FDCWD, name, O_WRONLY | O_CREAT | O_TRUNC, mode); }

int close(int fd) {
    pthread_mutex_lock(&lock);
    if (is_ours(fd)) files[fd].number = 0;
    pthread_mutex_unlock(&lock);
    return (int)syscall(SYS_close, fd);
}

/* ---- read, write ---- */

/* `at` is -1 where the file's own position counts. */
static ssize_t reading(int fd, void *bytes, size_t length, off_t at) {
    pthread_mutex_lock(&lock);
    ssize_t done = -1;
    if (!is_ours(fd) || !fails(strike("read", files[fd].path))) {
        if (is_ours(fd)) note('R', files[fd].number, 0, NULL, NULL, 0);
        pthread_mutex_unlock(&lock);
        return at < 0 ? syscall(SYS_read, fd, bytes, length) : syscall(SYS_pread64, fd, bytes, length, at);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
ssize_t read(int fd, void *bytes, size_t length) { return reading(fd, bytes, length, -1); }
ssize_t pread(int fd, void *bytes, size_t length, off_t at) { return reading(fd, bytes, length, at); }
ssize_t pread64(int fd, void *bytes, size_t length, off_t at) { return reading(fd, bytes, length, at); }

static ssize_t writing(int fd, const void *bytes, size_t length, off_t at) {
    if (!is_ours(fd) && fd != 1)
        return at < 0 ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, at);
    pthread_mutex_lock(&lock);
    const char *how = fd == 1 ? "" : strike("write", files[fd].path);
    char *other = NULL;
    ssize_t done = -1;
    if (!fails(how)) {
        off_t from = at;
        if (fd != 1 && at < 0) from = lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
        if (!strcmp(how, "SHORT") && 1 < length) length /= 2;
        if (!strcmp(how, "FLIP") && (other = malloc(length)))
            memcpy(other, bytes, length), other[length / 2] ^= 0x10, bytes = other;
        done = at < 0 ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, at);
        if (0 < done && fd == 1) note('A', 0, 0, NULL, bytes, (size_t)done);
        else if (0 < done) note('W', files[fd].number, (uint64_t)from, NULL, bytes, (size_t)done);
        free(other);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
ssize_t write(int fd, const void *bytes, size_t length) { return writing(fd, bytes, length, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return writing(fd, bytes, length, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) { return writing(fd, bytes, length, at); }

/* A short write is an answer too, so the first piece is enough. */
ssize_t writev(int fd, const struct iovec *pieces, int count) {
    if (!is_ours(fd)) return syscall(SYS_writev, fd, pieces, count);
    while (1 < count && pieces->iov_len == 0) pieces++, count--;
    return count < 1 ? 0 : writing(fd, pieces->iov_base, pieces->iov_len, -1);
}

/* Copies inside the kernel are refused for our files, so that whoever copies reads and writes. */
ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned flags) {
    if (is_ours(to)) return errno = EINVAL, -1;
    return syscall(SYS_copy_file_range, from, from_at, to, to_at, length, flags);
}
ssize_t sendfile(int to, int from, off_t *at, size_t length) {
    if (is_ours(to)) return errno = EINVAL, -1;
    return syscall(SYS_sendfile, to, from, at, length);
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t length) { return sendfile(to, from, at, length); }

/* ---- lengths, syncs ---- */

/* `start` is -1 for a new length; otherwise room is made up to `start + length`. */
static int sizing(int fd, off_t start, off_t length) {
    pthread_mutex_lock(&lock);
    int done = -1;
    if (!is_ours(fd) || !fails(strike("size", files[fd].path))) {
        done = (int)(start < 0 ? syscall(SYS_ftruncate, fd, length) : syscall(SYS_fallocate, fd, 0, start, length));
        struct stat now;
        if (!done && is_ours(fd) && !fstat(fd, &now)) note('L', files[fd].number, (uint64_t)now.st_size, NULL, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
int ftruncate(int fd, off_t length) { return sizing(fd, -1, length); }
int ftruncate64(int fd, off64_t length) { return sizing(fd, -1, length); }
int posix_fallocate(int fd, off_t start, off_t length) { return sizing(fd, start, length) ? errno : 0; }
int posix_fallocate64(int fd, off64_t start, off64_t length) { return sizing(fd, start, length) ? errno : 0; }
int fallocate(int fd, int mode, off_t start, off_t length) { return mode ? (errno = EOPNOTSUPP, -1) : sizing(fd, start, length); }
int fallocate64(int fd, int mode, off64_t start, off64_t length) { return fallocate(fd, mode, start, length); }

static int syncing(int fd, long call) {
    pthread_mutex_lock(&lock);
    int done = -1;
    if (!is_ours(fd) || !fails(strike("sync", files[fd].path))) {
        done = (int)syscall(call, fd);
        if (!done && is_ours(fd)) note('S', files[fd].number, 0, NULL, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
int fsync(int fd) { return syncing(fd, SYS_fsync); }
int fdatasync(int fd) { return syncing(fd, SYS_fdatasync); }

/* ---- names ---- */

/* Runs `call` on a name of ours, unless it is to fail, and notes it when it worked. */
#define NAMED(path, word, letter, to, call) \
    pthread_mutex_lock(&lock); \
    int done = -1; \
    if (!(path) || !fails(strike(word, path))) { \
        done = (int)(call); \
        const char *onto = to; \
        if (!done && (path)) note(letter, 0, 0, path, onto, onto ? strlen(onto) : 0); \
    } \
    pthread_mutex_unlock(&lock); \
    return done

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    char room[PATH_MAX], other[PATH_MAX];
    const char *path = beside(from_folder, from, room);
    NAMED(path, "rename", 'M', beside(to_folder, to, other), syscall(SYS_renameat2, from_folder, from, to_folder, to, 0));
}
int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

int unlinkat(int folder, const char *name, int flags) {
    char room[PATH_MAX];
    const char *path = beside(folder, name, room);
    NAMED(path, "unlink", 'U', NULL, syscall(SYS_unlinkat, folder, name, flags));
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdir(const char *name, mode_t mode) {
    const char *path = ours(name);
    NAMED(path, "mkdir", 'D', NULL, syscall(SYS_mkdirat, AT_FDCWD, name, mode));
}
