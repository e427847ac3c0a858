-- Stands in for pgsodium, whose functions say when they are called that they are not there.
CREATE SCHEMA IF NOT EXISTS pgsodium;
CREATE OR REPLACE FUNCTION pgsodium.create_key(key_type text DEFAULT 'aead-det', name text DEFAULT NULL) RETURNS uuid LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgsodium.create_key() of pgsodium has no stub here'; END $$;
CREATE OR REPLACE FUNCTION pgsodium.crypto_aead_det_encrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea DEFAULT NULL) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgsodium.crypto_aead_det_encrypt() of pgsodium has no stub here'; END $$;
CREATE OR REPLACE FUNCTION pgsodium.crypto_aead_det_decrypt(ciphertext bytea, additional bytea, key_uuid uuid, nonce bytea DEFAULT NULL) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgsodium.crypto_aead_det_decrypt() of pgsodium has no stub here'; END $$;
CREATE OR REPLACE FUNCTION pgsodium.crypto_aead_det_noncegen() RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgsodium.crypto_aead_det_noncegen() of pgsodium has no stub here'; END $$;
CREATE OR REPLACE FUNCTION pgsodium.randombytes_buf(size integer) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgsodium.randombytes_buf() of pgsodium has no stub here'; END $$;
