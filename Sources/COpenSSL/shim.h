#pragma once

// OpenSSL as Swift sees it. The wrappers below exist because Swift imports neither
// function-like macros nor callbacks given as macros, and because it has no thread locals.

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

/// The digest context of the calling thread, made at its first use and never freed: the
/// threads that hash live as long as the process.
static inline EVP_MD_CTX *dlnuf_thread_digest_context(void) {
    static _Thread_local EVP_MD_CTX *context = NULL;
    if (context == NULL) {
        context = EVP_MD_CTX_new();
    }
    return context;
}

/// Refuses every encrypted PEM block instead of asking for its password on the terminal.
static inline int dlnuf_no_password(char *buffer, int size, int writing, void *user) {
    (void)buffer;
    (void)size;
    (void)writing;
    (void)user;
    return -1;
}

static inline EVP_PKEY *dlnuf_read_private_key(BIO *bio) {
    return PEM_read_bio_PrivateKey(bio, NULL, dlnuf_no_password, NULL);
}

static inline EVP_PKEY *dlnuf_read_public_key(BIO *bio) {
    return PEM_read_bio_PUBKEY(bio, NULL, dlnuf_no_password, NULL);
}

static inline X509 *dlnuf_read_certificate(BIO *bio) {
    return PEM_read_bio_X509(bio, NULL, dlnuf_no_password, NULL);
}

static inline long dlnuf_bio_memory(BIO *bio, char **start) {
    return BIO_get_mem_data(bio, start);
}

static inline EVP_PKEY *dlnuf_generate_rsa(size_t bits) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits);
}

static inline EVP_PKEY *dlnuf_generate_ec(const char *group) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", group);
}

static inline EVP_PKEY *dlnuf_generate(const char *algorithm) {
    return EVP_PKEY_Q_keygen(NULL, NULL, algorithm);
}

/// What RSASSA-PSS needs beside its digest: a salt as long as the digest, and no other.
static inline const OSSL_PARAM *dlnuf_pss_parameters(void) {
    static const OSSL_PARAM parameters[] = {
        {OSSL_SIGNATURE_PARAM_PAD_MODE, OSSL_PARAM_UTF8_STRING, (void *)"pss", 3,
         OSSL_PARAM_UNMODIFIED},
        {OSSL_SIGNATURE_PARAM_PSS_SALTLEN, OSSL_PARAM_UTF8_STRING, (void *)"digest", 6,
         OSSL_PARAM_UNMODIFIED},
        {NULL, 0, NULL, 0, 0},
    };
    return parameters;
}


static inline int dlnuf_gcm_get_tag(EVP_CIPHER_CTX *context, int length, void *tag) {
    return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, length, tag);
}

static inline int dlnuf_gcm_set_tag(EVP_CIPHER_CTX *context, int length, void *tag) {
    return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, length, tag);
}

static inline void dlnuf_allow_wrapping(EVP_CIPHER_CTX *context) {
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
}

/// Makes a key from the parameters gathered so far, and frees what gathered them.
///
/// The names below must outlive the builder, which keeps their addresses: hence C.
static inline EVP_PKEY *dlnuf_finish_key(
    OSSL_PARAM_BLD *builder, const char *algorithm, int selection
) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, algorithm, NULL);
    if (parameters != NULL && context != NULL && EVP_PKEY_fromdata_init(context) == 1) {
        if (EVP_PKEY_fromdata(context, &key, selection, parameters) != 1) {
            EVP_PKEY_free(key);
            key = NULL;
        }
    }
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

/// An RSA key from n and e, and for a private one from d, p, q, dp, dq and qi as well.
static inline EVP_PKEY *dlnuf_rsa_key(BIGNUM *const *numbers, int count) {
    static const char *const names[8] = {
        OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
        OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    };
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (builder == NULL || (count != 2 && count != 8)) {
        OSSL_PARAM_BLD_free(builder);
        return NULL;
    }
    for (int index = 0; index < count; index++) {
        if (OSSL_PARAM_BLD_push_BN(builder, names[index], numbers[index]) != 1) {
            OSSL_PARAM_BLD_free(builder);
            return NULL;
        }
    }
    return dlnuf_finish_key(builder, "RSA", count == 2 ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR);
}

/// A key of a curve from an uncompressed point, and for a private one from its secret as well.
static inline EVP_PKEY *dlnuf_ec_key(
    const char *group, const unsigned char *point, size_t size, BIGNUM *secret
) {
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (builder == NULL
        || OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) != 1
        || OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, size) != 1
        || (secret != NULL
            && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, secret) != 1)) {
        OSSL_PARAM_BLD_free(builder);
        return NULL;
    }
    return dlnuf_finish_key(
        builder, "EC", secret == NULL ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR);
}

// TLS.

static inline void dlnuf_bio_empty_means_later(BIO *bio) {
    BIO_set_mem_eof_return(bio, -1);
}

static inline int dlnuf_ssl_at_least_tls12(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

/// Releases buffers between records, and keeps no session: tickets hold them.
static inline void dlnuf_ssl_keep_little(SSL_CTX *context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline void dlnuf_ssl_options(SSL_CTX *context) {
    SSL_CTX_set_options(
        context,
        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE
            | SSL_OP_PRIORITIZE_CHACHA);
}

static inline int dlnuf_ssl_add_chain(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

static inline int dlnuf_ssl_name(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, name);
}

/// Speaks HTTP/1.1 to those who negotiate a protocol, and refuses those who speak another.
static inline int dlnuf_ssl_choose_protocol(
    SSL *session, const unsigned char **chosen, unsigned char *chosen_length,
    const unsigned char *offered, unsigned int offered_length, void *user
) {
    static const unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    (void)session;
    (void)user;
    int result = SSL_select_next_proto(
        (unsigned char **)chosen, chosen_length, ours, sizeof ours, offered, offered_length);
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static inline void dlnuf_ssl_speak_http1(SSL_CTX *context) {
    SSL_CTX_set_alpn_select_cb(context, dlnuf_ssl_choose_protocol, NULL);
}

static inline int dlnuf_error_reason(unsigned long code) {
    return ERR_GET_REASON(code);
}
