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

static inline EVP_PKEY *dlnuf_generate_p256(void) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}

static inline int dlnuf_gcm_set_iv_length(EVP_CIPHER_CTX *context, int length) {
    return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, length, NULL);
}

static inline int dlnuf_gcm_get_tag(EVP_CIPHER_CTX *context, int length, void *tag) {
    return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, length, tag);
}

static inline int dlnuf_gcm_set_tag(EVP_CIPHER_CTX *context, int length, void *tag) {
    return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, length, tag);
}
