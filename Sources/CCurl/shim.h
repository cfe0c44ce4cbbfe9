// libcurl, with a typed function in front of each variadic one: Swift cannot call those, and a
// wrong type in a variable argument would not be noticed.
#pragma once
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

// Numbers are passed as long: a Swift Int32 in a variable argument would leave garbage above it.
static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

// Strings and lists; NULL restores what "unset" means for the option.
static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

// Sizes of bodies are curl_off_t, wider than long on some machines.
static inline CURLcode ccurl_set_size(CURL *easy, CURLoption option, int64_t value) {
    return curl_easy_setopt(easy, option, (curl_off_t)value);
}

// One function for each kind of callback, so that a mismatched signature does not compile.
static inline CURLcode ccurl_set_receive(
    CURL *easy, CURLoption option, curl_write_callback function) {
    return curl_easy_setopt(easy, option, function);
}

static inline CURLcode ccurl_set_open_socket(CURL *easy, curl_opensocket_callback function) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, function);
}

static inline CURLcode ccurl_set_close_socket(CURL *easy, curl_closesocket_callback function) {
    return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, function);
}

static inline CURLcode ccurl_set_before_request(CURL *easy, curl_prereq_callback function) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode ccurl_multi_set_callbacks(
    CURLM *multi, curl_socket_callback socket, curl_multi_timer_callback timer, void *data) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
    if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, data);
    if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
    if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, data);
    return code;
}

static inline long ccurl_response_code(CURL *easy) {
    long code = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
    return code;
}

static inline void *ccurl_private(CURL *easy) {
    char *data = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &data);
    return data;
}

// The next finished transfer, NULL when there is none: the message's union stays on this side.
static inline CURL *ccurl_next_done(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

// Constants that are enums without a name, or macros with casts.
static const long ccurl_tls12_or_later = CURL_SSLVERSION_TLSv1_2;
static const long ccurl_http11 = CURL_HTTP_VERSION_1_1;
static const long ccurl_netrc_ignored = CURL_NETRC_IGNORED;
static inline CURLcode ccurl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
static inline CURLMcode ccurl_timeout_action(CURLM *multi) {
    int running = 0;
    return curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
}
static inline CURLMcode ccurl_socket_action(CURLM *multi, curl_socket_t socket, int events) {
    int running = 0;
    return curl_multi_socket_action(multi, socket, events, &running);
}

// struct curl_sockaddr ends in a sockaddr that is longer than it says: its bytes begin here.
#include <stddef.h>
static const long ccurl_address_offset = offsetof(struct curl_sockaddr, addr);
