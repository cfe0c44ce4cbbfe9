// What Linux offers and Swift's Glibc overlay cannot see: function-like macros and epoll's unions.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

// epoll_event is packed and ends in a union: build it here, where the layout is certain.
static inline int clinux_epoll_ctl(
    int epoll, int operation, int fd, uint32_t events, uint64_t token) {
    struct epoll_event event;
    memset(&event, 0, sizeof event);
    event.events = events;
    event.data.u64 = token;
    return epoll_ctl(epoll, operation, fd, &event);
}

// Reading the packed fields through a pointer to them would be undefined outside C.
static inline uint64_t clinux_event_token(const struct epoll_event *events, int index) {
    return events[index].data.u64;
}

static inline uint32_t clinux_event_bits(const struct epoll_event *events, int index) {
    return events[index].events;
}

// accept4 is behind _GNU_SOURCE, which Swift's importer does not always define.
static inline int clinux_accept(int listener, struct sockaddr *peer, socklen_t *length) {
    extern int accept4(int, struct sockaddr *, socklen_t *, int);
    return accept4(listener, peer, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// open and fcntl are variadic: one wrapper for each form that is used.
static inline int clinux_open(const char *path, int flags, mode_t mode) {
    return open(path, flags | O_CLOEXEC, mode);
}

static inline int clinux_open_at(int folder, const char *name, int flags) {
    return openat(folder, name, flags | O_CLOEXEC);
}

static inline int clinux_set_nonblocking(int fd) {
    int flags = fcntl(fd, F_GETFL, 0);
    return flags < 0 ? flags : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

// RUSAGE_THREAD is an enum constant that needs _GNU_SOURCE.
static inline int clinux_thread_usage(struct rusage *usage) {
    return getrusage((__rusage_who_t)1, usage);
}

static inline int clinux_process_usage(struct rusage *usage) {
    return getrusage(RUSAGE_SELF, usage);
}

// SIG_IGN is a cast of an integer to a function pointer.
static inline int clinux_ignore_sigpipe(void) {
    return signal(SIGPIPE, SIG_IGN) == SIG_ERR ? -1 : 0;
}

// strerror is not thread safe, and two strerror_r exist: this one always fills the buffer.
static inline void clinux_error_text(int code, char *buffer, size_t size) {
    extern int __xpg_strerror_r(int, char *, size_t);
    if (__xpg_strerror_r(code, buffer, size) != 0 && size > 0) buffer[0] = 0;
}

// pthread_setname_np and epoll's relatives are GNU extensions, hidden from the importer.
static inline int clinux_name_thread(const char *name) {
    extern int pthread_setname_np(pthread_t, const char *);
    return pthread_setname_np(pthread_self(), name);
}

// SOCK_CLOEXEC and SOCK_NONBLOCK are enum constants that cannot be combined in Swift.
static inline int clinux_socket_flags(int nonblocking) {
    return SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0);
}

// renameat2 is behind _GNU_SOURCE too; 2 is RENAME_EXCHANGE.
static inline int clinux_exchange(const char *one, const char *other) {
    extern int renameat2(int, const char *, int, const char *, unsigned int);
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, 2);
}
