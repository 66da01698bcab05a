/* A power cut for one process. Loaded with LD_PRELOAD, it keeps for every file under UNDO_FOLDER what a write since the file's last
 * fsync or fdatasync replaced. On SIGUSR2 it stops all further writes, puts the old bytes, sizes and names back, and ends the process with
 * SIGKILL: the folder then looks as a disk may look that lost everything nobody had synced.
 *
 *   UNDO_FOLDER   the folder, a full path. Unset: the library does nothing.
 *   UNDO_REPORT   where to write, at the kill, "writes N syncs N undone N bytes N".
 *   UNDO_FULL     while a file of this name exists, writes that make a file grow fail with ENOSPC.
 *   UNDO_CLOCK    seconds by which the time of day is off; time that only runs forward is left alone.
 *
 * Names (create, rename, unlink) are undone unless the folder itself was synced since. Exempt are files that end in "-shm": SQLite maps
 * that one into memory and builds it anew after a crash. One lock orders all writes; a sync runs outside of it and counts only for what was
 * written before it began. Descriptors used for the undo are never closed, because closing any descriptor of a file drops the process's locks on it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define DESCRIPTORS 65536
#define FILES 1024

enum kind { BYTES, CREATED, UNLINKED, RENAMED };

struct undo {
    struct undo *older, *newer;
    enum kind kind;
    int file;                 /* index into files */
    off_t offset, size_before;
    size_t length;            /* of the old bytes in data */
    long number;
    char *path, *path_to, *saved;
    char data[];
};

static struct file { dev_t device; ino_t inode; int descriptor; } files[FILES];
static int file_count, file_of[DESCRIPTORS];   /* file_of: index + 1, 0 where not watched */
static struct undo *newest;
static long next_number = 1, writes, syncs, saved_count;
static char folder[PATH_MAX];
static size_t folder_length;
static const char *report, *full;
static int wake[2];
static int is_active;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static int (*real_openat)(int, const char *, int, ...);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_ftruncate)(int, off_t);
static int (*real_fallocate)(int, int, off_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_close)(int);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);

static void resolve(void) {
    real_openat = dlsym(RTLD_NEXT, "openat64");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwritev = dlsym(RTLD_NEXT, "pwritev64");
    real_writev = dlsym(RTLD_NEXT, "writev");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fallocate = dlsym(RTLD_NEXT, "fallocate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_rename = dlsym(RTLD_NEXT, "rename");
    __atomic_store_n(&real_close, dlsym(RTLD_NEXT, "close"), __ATOMIC_RELEASE);
}

/* Other libraries' constructors may call us before ours has run. */
static void ready(void) {
    if (!__atomic_load_n(&real_close, __ATOMIC_ACQUIRE))
        resolve();
}

/* ---- what is watched ---- */

static int is_inside(const char *path) {
    size_t length = strlen(path);
    if (strncmp(path, folder, folder_length) != 0)
        return 0;
    if (path[folder_length] == 0)
        return 1;
    return path[folder_length] == '/' && !(length > 4 && strcmp(path + length - 4, "-shm") == 0);
}

/* The full path of what is watched, or 0. SQLite and .NET open by full path; others are resolved against the working directory. */
static int watched_path(int directory, const char *path, char *into) {
    if (!is_active || !path)
        return 0;
    if (path[0] == '/')
        snprintf(into, PATH_MAX, "%s", path);
    else if (directory != AT_FDCWD || !getcwd(into, PATH_MAX - strlen(path) - 2))
        return 0;
    else
        strcat(strcat(into, "/"), path);
    return is_inside(into);
}

static int watched(int fd) { return is_active && fd >= 0 && fd < DESCRIPTORS ? file_of[fd] : 0; }

static int file_index(int fd, const char *path) {
    struct stat now;
    if (fstat(fd, &now) != 0)
        return -1;
    for (int i = 0; i < file_count; i++)
        if (files[i].device == now.st_dev && files[i].inode == now.st_ino)
            return i;
    if (file_count == FILES) {
        fprintf(stderr, "undo-unsynced: more than %d files\n", FILES);
        abort();
    }
    int descriptor = S_ISDIR(now.st_mode) ? -1 : real_openat(AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    files[file_count] = (struct file){ now.st_dev, now.st_ino, descriptor };
    return file_count++;
}

static int folder_index(void) {
    struct stat now;
    if (stat(folder, &now) != 0)
        return -1;
    for (int i = 0; i < file_count; i++)
        if (files[i].device == now.st_dev && files[i].inode == now.st_ino)
            return i;
    files[file_count] = (struct file){ now.st_dev, now.st_ino, -1 };
    return file_count++;
}

/* ---- the journal; all under the gate ---- */

static struct undo *note(enum kind kind, int file, size_t length) {
    struct undo *u = calloc(1, sizeof *u + length);
    if (!u)
        abort();
    u->kind = kind;
    u->file = file;
    u->length = length;
    u->number = next_number++;
    u->older = newest;
    if (newest)
        newest->newer = u;
    return newest = u;
}

static void forget(struct undo *u) {
    if (u->older) u->older->newer = u->newer;
    if (u->newer) u->newer->older = u->older;
    if (newest == u) newest = u->older;
    if (u->saved) real_unlink(u->saved);
    free(u->path); free(u->path_to); free(u->saved); free(u);
}

static void forget_before(int file, long number) {
    for (struct undo *u = newest, *older; u; u = older) {
        older = u->older;
        if (u->file == file && u->number < number)
            forget(u);
    }
}

/* Keeps what the bytes from offset on, up to length of them, are before they change, and the size of the file. */
static void keep_bytes(int file, off_t offset, size_t length) {
    struct stat now;
    if (fstat(files[file].descriptor, &now) != 0)
        abort();
    size_t old = offset >= now.st_size ? 0 : (size_t)(now.st_size - offset) < length ? (size_t)(now.st_size - offset) : length;
    struct undo *u = note(BYTES, file, old);
    u->offset = offset;
    u->size_before = now.st_size;
    if (old && pread(files[file].descriptor, u->data, old, offset) != (ssize_t)old)
        abort();
    writes++;
}

/* A second name for a file about to lose its own, beside the folder, so that it can come back. */
static char *keep_name(const char *path) {
    char *saved;
    if (asprintf(&saved, "%s.undo-%d-%ld", folder, getpid(), ++saved_count) < 0)
        abort();
    if (link(path, saved) == 0)
        return saved;
    free(saved);
    return NULL;
}

static void put_back(struct undo *u) {
    switch (u->kind) {
    case BYTES:
        if (real_ftruncate(files[u->file].descriptor, u->size_before) != 0 ||
            (u->length && real_pwrite(files[u->file].descriptor, u->data, u->length, u->offset) != (ssize_t)u->length))
            fprintf(stderr, "undo-unsynced: cannot put bytes back: %s\n", strerror(errno));
        break;
    case CREATED: real_unlink(u->path); break;
    case UNLINKED: if (u->saved) real_rename(u->saved, u->path); break;
    case RENAMED:
        real_rename(u->path_to, u->path);
        if (u->saved) real_rename(u->saved, u->path_to);
        break;
    }
}

/* ---- the power cut ---- */

static void on_signal(int signal) {
    (void)signal;
    int before = errno;
    if (real_write(wake[1], "x", 1) < 0) {}
    errno = before;
}

static void *cut(void *unused) {
    char x;
    while (read(wake[0], &x, 1) != 1) {}
    pthread_mutex_lock(&gate);   /* and never let go: no write and no sync returns from here on */
    long undone = 0;
    long long bytes = 0;
    for (struct undo *u = newest; u; u = u->older) {
        put_back(u);
        undone++;
        bytes += (long long)u->length;
    }
    FILE *out = report ? fopen(report, "w") : NULL;
    if (out) {
        fprintf(out, "writes %ld syncs %ld undone %ld bytes %lld\n", writes, syncs, undone, bytes);
        fclose(out);
    }
    kill(getpid(), SIGKILL);
    return unused;
}

__attribute__((constructor)) static void start(void) {
    resolve();
    const char *wanted = getenv("UNDO_FOLDER");
    if (!wanted)
        return;
    report = getenv("UNDO_REPORT");
    full = getenv("UNDO_FULL");
    snprintf(folder, sizeof folder, "%s", wanted);
    folder_length = strlen(folder);
    pthread_t thread;
    if (pipe2(wake, O_CLOEXEC) != 0 || pthread_create(&thread, NULL, cut, NULL) != 0)
        abort();
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    sigaction(SIGUSR2, &action, NULL);
    is_active = 1;
}

/* ---- opening and closing ---- */

static int opened(int directory, const char *path, int flags, mode_t mode) {
    char whole[PATH_MAX];
    ready();
    if (!watched_path(directory, path, whole))
        return real_openat(directory, path, flags, mode);
    pthread_mutex_lock(&gate);
    struct stat before;
    int is_new = (flags & O_CREAT) && stat(whole, &before) != 0;
    /* O_TRUNC is done by hand, so that what it cuts off is kept. */
    int fd = real_openat(directory, path, flags & ~O_TRUNC, mode);
    if (fd >= 0 && fd < DESCRIPTORS) {
        int file = file_index(fd, whole);
        file_of[fd] = file + 1;
        if (is_new)
            note(CREATED, folder_index(), 0)->path = strdup(whole);
        if ((flags & O_TRUNC) && files[file].descriptor >= 0) {
            keep_bytes(file, 0, SIZE_MAX);
            if (real_ftruncate(fd, 0) != 0) {}
        }
    }
    pthread_mutex_unlock(&gate);
    return fd;
}

static mode_t mode_of(int flags, va_list rest) { return (flags & (O_CREAT | O_TMPFILE)) ? (mode_t)va_arg(rest, int) : 0; }

#define OPEN(name) int name(const char *path, int flags, ...) { \
    va_list rest; va_start(rest, flags); mode_t mode = mode_of(flags, rest); va_end(rest); \
    return opened(AT_FDCWD, path, flags, mode); }
#define OPENAT(name) int name(int directory, const char *path, int flags, ...) { \
    va_list rest; va_start(rest, flags); mode_t mode = mode_of(flags, rest); va_end(rest); \
    return opened(directory, path, flags, mode); }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
int __open_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int fd) {
    ready();
    if (!watched(fd))
        return real_close(fd);
    pthread_mutex_lock(&gate);
    file_of[fd] = 0;
    int result = real_close(fd);
    pthread_mutex_unlock(&gate);
    return result;
}

/* ---- writing ---- */

static int is_full(int file, off_t end) {
    struct stat now;
    if (!full || access(full, F_OK) != 0 || fstat(files[file].descriptor, &now) != 0 || end <= now.st_size)
        return 0;
    errno = ENOSPC;
    return 1;
}

static ssize_t placed(int fd, const struct iovec *parts, int count, off_t offset) {
    size_t length = 0;
    for (int i = 0; i < count; i++)
        length += parts[i].iov_len;
    pthread_mutex_lock(&gate);
    int file = file_of[fd] - 1;
    ssize_t result = -1;
    if (!is_full(file, offset + (off_t)length)) {
        keep_bytes(file, offset, length);
        result = real_pwritev(fd, parts, count, offset);
    }
    pthread_mutex_unlock(&gate);
    return result;
}

static ssize_t streamed(int fd, const struct iovec *parts, int count) {
    struct stat now;
    off_t offset = lseek(fd, 0, SEEK_CUR);
    if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &now) == 0)
        offset = now.st_size;
    ssize_t result = placed(fd, parts, count, offset);
    if (result > 0)
        lseek(fd, offset + result, SEEK_SET);
    return result;
}

#define ONE(data, length) &(struct iovec){ (void *)(data), (length) }, 1

ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) {
    ready();
    return watched(fd) ? placed(fd, ONE(data, length), offset) : real_pwrite(fd, data, length, offset);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return pwrite64(fd, data, length, offset); }

ssize_t write(int fd, const void *data, size_t length) {
    ready();
    return watched(fd) ? streamed(fd, ONE(data, length)) : real_write(fd, data, length);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) {
    ready();
    return watched(fd) ? placed(fd, parts, count, offset) : real_pwritev(fd, parts, count, offset);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { return pwritev64(fd, parts, count, offset); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
    ready();
    return watched(fd) ? streamed(fd, parts, count) : real_writev(fd, parts, count);
}

int ftruncate64(int fd, off_t length) {
    ready();
    if (!watched(fd))
        return real_ftruncate(fd, length);
    pthread_mutex_lock(&gate);
    keep_bytes(file_of[fd] - 1, length, SIZE_MAX);
    int result = real_ftruncate(fd, length);
    pthread_mutex_unlock(&gate);
    return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fallocate64(int fd, int mode, off_t offset, off_t length) {
    ready();
    if (!watched(fd))
        return real_fallocate(fd, mode, offset, length);
    pthread_mutex_lock(&gate);
    int file = file_of[fd] - 1, result = -1;
    if (!is_full(file, offset + length)) {
        keep_bytes(file, offset, (size_t)length);
        result = real_fallocate(fd, mode, offset, length);
    }
    pthread_mutex_unlock(&gate);
    return result;
}

int fallocate(int fd, int mode, off_t offset, off_t length) { return fallocate64(fd, mode, offset, length); }
int posix_fallocate64(int fd, off_t offset, off_t length) { return fallocate64(fd, 0, offset, length) == 0 ? 0 : errno; }
int posix_fallocate(int fd, off_t offset, off_t length) { return posix_fallocate64(fd, offset, length); }

/* ---- syncing ---- */

static int synced(int fd, int (*sync)(int)) {
    if (!watched(fd))
        return sync(fd);
    pthread_mutex_lock(&gate);
    int file = file_of[fd] - 1;
    long begun = next_number;
    pthread_mutex_unlock(&gate);
    int result = sync(fd);
    pthread_mutex_lock(&gate);
    if (result == 0) {
        syncs++;
        forget_before(file, begun);
    }
    pthread_mutex_unlock(&gate);
    return result;
}

int fsync(int fd) { ready(); return synced(fd, real_fsync); }
int fdatasync(int fd) { ready(); return synced(fd, real_fdatasync); }

/* ---- names ---- */

int unlink(const char *path) {
    char whole[PATH_MAX];
    ready();
    if (!watched_path(AT_FDCWD, path, whole))
        return real_unlink(path);
    pthread_mutex_lock(&gate);
    char *saved = keep_name(whole);
    int result = real_unlink(path);
    if (result == 0) {
        struct undo *u = note(UNLINKED, folder_index(), 0);
        u->path = strdup(whole);
        u->saved = saved;
    } else if (saved) {
        real_unlink(saved);
        free(saved);
    }
    pthread_mutex_unlock(&gate);
    return result;
}

int rename(const char *from, const char *to) {
    char whole_from[PATH_MAX], whole_to[PATH_MAX];
    ready();
    if (!watched_path(AT_FDCWD, from, whole_from) || !watched_path(AT_FDCWD, to, whole_to))
        return real_rename(from, to);
    pthread_mutex_lock(&gate);
    char *saved = keep_name(whole_to);
    int result = real_rename(from, to);
    if (result == 0) {
        struct undo *u = note(RENAMED, folder_index(), 0);
        u->path = strdup(whole_from);
        u->path_to = strdup(whole_to);
        u->saved = saved;
    } else if (saved) {
        real_unlink(saved);
        free(saved);
    }
    pthread_mutex_unlock(&gate);
    return result;
}

/* ---- the time of day ---- */

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    static long off;
    if (!real) {
        const char *wanted = getenv("UNDO_CLOCK");
        off = wanted ? atol(wanted) : 0;
        real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    }
    int result = real(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += off;
    return result;
}
