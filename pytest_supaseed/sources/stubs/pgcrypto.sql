-- Stands in for pgcrypto: hashes, random bytes, and bcrypt at a low cost. Its ciphers and PGP only say that they lack.
-- needs: sha1
CREATE OR REPLACE FUNCTION @extschema@.gen_random_uuid() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$ SELECT pg_catalog.gen_random_uuid() $$;

CREATE OR REPLACE FUNCTION @extschema@.gen_random_bytes(count integer) RETURNS bytea
LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE AS $$
DECLARE
    found bytea := '';
BEGIN
    IF count NOT BETWEEN 1 AND 1024 THEN
        RAISE invalid_parameter_value USING MESSAGE = 'Length not in range';
    END IF;
    WHILE length(found) < count LOOP
        -- A UUID has six bits that are always the same: a hash of two has none.
        found := found || sha256(uuid_send(pg_catalog.gen_random_uuid()) || uuid_send(pg_catalog.gen_random_uuid()));
    END LOOP;
    RETURN substring(found FROM 1 FOR count);
END
$$;

CREATE OR REPLACE FUNCTION @extschema@.digest(data bytea, type text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    CASE lower(type)
        WHEN 'md5' THEN RETURN decode(md5(data), 'hex');
        WHEN 'sha1' THEN RETURN @extschema@.supaseed_sha1(data);
        WHEN 'sha224' THEN RETURN sha224(data);
        WHEN 'sha256' THEN RETURN sha256(data);
        WHEN 'sha384' THEN RETURN sha384(data);
        WHEN 'sha512' THEN RETURN sha512(data);
        ELSE
            RAISE invalid_parameter_value USING MESSAGE = format('Cannot use "%s": No such hash algorithm', type);
    END CASE;
END
$$;
CREATE OR REPLACE FUNCTION @extschema@.digest(data text, type text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT @extschema@.digest(convert_to(data, getdatabaseencoding()), type)
$$;

CREATE OR REPLACE FUNCTION @extschema@.hmac(data bytea, key bytea, type text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    block CONSTANT integer := CASE WHEN lower(type) IN ('sha384', 'sha512') THEN 128 ELSE 64 END;
    short bytea := CASE WHEN length(key) > block THEN @extschema@.digest(key, type) ELSE key END;
    inner_pad bytea := decode(repeat('36', block), 'hex');
    outer_pad bytea := decode(repeat('5c', block), 'hex');
BEGIN
    FOR i IN 0 .. length(short) - 1 LOOP
        inner_pad := set_byte(inner_pad, i, get_byte(short, i) # 54);
        outer_pad := set_byte(outer_pad, i, get_byte(short, i) # 92);
    END LOOP;
    RETURN @extschema@.digest(outer_pad || @extschema@.digest(inner_pad || data, type), type);
END
$$;
CREATE OR REPLACE FUNCTION @extschema@.hmac(data text, key text, type text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT @extschema@.hmac(
        convert_to(data, getdatabaseencoding()), convert_to(key, getdatabaseencoding()), type)
$$;

-- bcrypt is slow on purpose, and here it is not in C: whatever cost is asked for, a salt gets the lowest.
CREATE OR REPLACE FUNCTION @extschema@.gen_salt(type text, rounds integer) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE AS $$
BEGIN
    IF lower(type) <> 'bf' THEN
        RAISE feature_not_supported USING MESSAGE = format('gen_salt(%L) of pgcrypto has no stub: only gen_salt(''bf'')', type);
    ELSIF rounds NOT BETWEEN 4 AND 31 THEN
        RAISE invalid_parameter_value USING MESSAGE = 'gen_salt: Incorrect number of rounds';
    END IF;
    RETURN '$2a$04$' || rtrim(translate(encode(@extschema@.gen_random_bytes(16), 'base64'),
        'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
        './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'), '=');
END
$$;
CREATE OR REPLACE FUNCTION @extschema@.gen_salt(type text) RETURNS text
LANGUAGE sql VOLATILE STRICT PARALLEL SAFE AS $$ SELECT @extschema@.gen_salt(type, 6) $$;

-- Blowfish begins with the hexadecimal digits of pi: 18 words of subkeys and four boxes of 256.
CREATE OR REPLACE FUNCTION @extschema@.supaseed_blowfish() RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(('x' || substr(digits, n * 8 + 1, 8))::bit(32)::bigint ORDER BY n)
    FROM translate('
    243f6a8885a308d313198a2e03707344a4093822299f31d0082efa98ec4e6c89452821e638d01377be5466cf34e90c6cc0ac
    29b7c97c50dd3f84d5b5b54709179216d5d98979fb1bd1310ba698dfb5ac2ffd72dbd01adfb7b8e1afed6a267e96ba7c9045
    f12c7f9924a19947b3916cf70801f2e2858efc16636920d871574e69a458fea3f4933d7e0d95748f728eb658718bcd588215
    4aee7b54a41dc25a59b59c30d5392af26013c5d1b023286085f0ca417918b8db38ef8e79dcb0603a180e6c9e0e8bb01e8a3e
    d71577c1bd314b2778af2fda55605c60e65525f3aa55ab945748986263e8144055ca396a2aab10b6b4cc5c341141e8cea154
    86af7c72e993b3ee1411636fbc2a2ba9c55d741831f6ce5c3e169b87931eafd6ba336c24cf5c7a325381289586773b8f4898
    6b4bb9afc4bfe81b6628219361d809ccfb21a991487cac605dec8032ef845d5de98575b1dc262302eb651b8823893e81d396
    acc50f6d6ff383f442392e0b4482a484200469c8f04a9e1f9b5e21c66842f6e96c9a670c9c61abd388f06a51a0d2d8542f68
    960fa728ab5133a36eef0b6c137a3be4ba3bf0507efb2a98a1f1651d39af017666ca593e82430e888cee8619456f9fb47d84
    a5c33b8b5ebee06f75d885c12073401a449f56c16aa64ed3aa62363f77061bfedf72429b023d37d0d724d00a1248db0fead3
    49f1c09b075372c980991b7b25d479d8f6e8def7e3fe501ab6794c3b976ce0bd04c006bac1a94fb6409f60c45e5c9ec2196a
    246368fb6faf3e6c53b51339b2eb3b52ec6f6dfc511f9b30952ccc814544af5ebd09bee3d004de334afd660f2807192e4bb3
    c0cba85745c8740fd20b5f39b9d3fbdb5579c0bd1a60320ad6a100c6402c7279679f25fefb1fa3cc8ea5e9f8db3222f83c75
    16dffd616b152f501ec8ad0552ab323db5fafd23876053317b483e00df829e5c57bbca6f8ca01a87562edf1769dbd542a8f6
    287effc3ac6732c68c4f5573695b27b0bbca58c8e1ffa35db8f011a010fa3d98fd2183b84afcb56c2dd1d35b9a53e479b6f8
    4565d28e49bc4bfb9790e1ddf2daa4cb7e3362fb1341cee4c6e8ef20cada36774c01d07e9efe2bf11fb495dbda4dae909198
    eaad8e716b93d5a0d08ed1d0afc725e08e3c5b2f8e7594b78ff6e2fbf2122b648888b812900df01c4fad5ea0688fc31cd1cf
    f191b3a8c1ad2f2f2218be0e1777ea752dfe8b021fa1e5a0cc0fb56f74e818acf3d6ce89e299b4a84fe0fd13e0b77cc43b81
    d2ada8d9165fa2668095770593cc7314211a1477e6ad206577b5fa86c75442f5fb9d35cfebcdaf0c7b3e89a0d6411bd3ae1e
    7e4900250e2d2071b35e226800bb57b8e0af2464369bf009b91e5563911d59dfa6aa78c14389d95a537f207d5ba202e5b9c5
    832603766295cfa911c819684e734a41b3472dca7b14a94a1b5100529a532915d60f573fbc9bc6e42b60a47681e6740008ba
    6fb5571be91ff296ec6b2a0dd915b6636521e7b9f9b6ff34052ec585566453b02d5da99f8fa108ba47996e85076a4b7a70e9
    b5b32944db75092ec4192623ad6ea6b049a7df7d9cee60b88fedb266ecaa8c71699a17ff5664526cc2b19ee1193602a57509
    4c29a0591340e4183a3e3f54989a5b429d656b8fe4d699f73fd6a1d29c07efe830f54d2d38e6f0255dc14cdd20868470eb26
    6382e9c6021ecc5e09686b3f3ebaefc93c9718146b6a70a1687f358452a0e286b79c5305aa5007373e07841c7fdeae5c8e7d
    44ec5716f2b8b03ada37f0500c0df01c1f040200b3ffae0cf51a3cb574b225837a58dc0921bdd19113f97ca92ff694324773
    22f547013ae5e58137c2dadcc8b576349af3dda7a94461460fd0030eecc8c73ea4751e41e238cd993bea0e2f3280bba1183e
    b3314e548b384f6db9086f420d03f60a04bf2cb8129024977c795679b072bcaf89afde9a771fd9930810b38bae12dccf3f2e
    5512721f2e6b7124501adde69f84cd877a5847187408da17bc9f9abce94b7d8cec7aec3adb851dfa63094366c464c3d2ef1c
    18473215d908dd433b3724c2ba1612a14d432a65c45150940002133ae4dd71dff89e10314e5581ac77d65f11199b043556f1
    d7a3c76b3c11183b5924a509f28fe6ed97f1fbfa9ebabf2c1e153c6e86e34570eae96fb1860e5e0a5a3e2ab3771fe71c4e3d
    06fa2965dcb999e71d0f803e89d65266c8252e4cc9789c10b36ac6150eba94e2ea78a5fc3c531e0a2df4f2f74ea7361d2b3d
    1939260f19c279605223a708f71312b6ebadfe6eeac31f66e3bc4595a67bc883b17f37d1018cff28c332ddefbe6c5aa56558
    218568ab9802eecea50fdb2f953b2aef7dad5b6e2f841521b62829076170ecdd4775619f151013cca830eb61bd960334fe1e
    aa0363cfb5735c904c70a239d59e9e0bcbaade14eecc86bc60622ca79cab5cabb2f3846e648b1eaf19bdf0caa02369b9655a
    bb5040685a323c2ab4b3319ee9d5c021b8f79b540b19875fa09995f7997e623d7da8f837889a97e32d7711ed935f16681281
    0e358829c7e61fd696dedfa17858ba9957f584a51b2272639b83c3ff1ac24696cdb30aeb532e30548fd948e46dbc312858eb
    f2ef34c6ffeafe28ed61ee7c3c735d4a14d9e864b7e342105d14203e13e045eee2b6a3aaabeadb6c4f15facb4fd0c742f442
    ef6abbb5654f3b1d41cd2105d81e799e86854dc7e44b476a3d816250cf62a1f25b8d2646fc8883a0c1c7b6a37f1524c369cb
    749247848a0b5692b285095bbf00ad19489d1462b17423820e0058428d2a0c55f5ea1dadf43e233f70613372f0928d937e41
    d65fecf16c223bdb7cde3759cbee74604085f2a7ce77326ea607808419f8509ee8efd85561d99735a969a7aac50c06c25a04
    abfc800bcadc9e447a2ec3453484fdd567050e1e9ec9db73dbd3105588cd675fda79e3674340c5c43465713e38d83d28f89e
    f16dff20153e21e78fb03d4ae6e39f2bdb83adf7e93d5a68948140f7f64c261c94692934411520f77602d4f7bcf46b2ed4a2
    0068d40824713320f46a43b7d4b7500061af1e39f62e9724454614214f74bf8b88404d95fc1d96b591af70f4ddd366a02f45
    bfbc09ec03bd97857fac6dd031cb850496eb27b355fd3941da2547e6abca0a9a28507825530429f40a2c86dae9b66dfb68dc
    1462d7486900680ec0a427a18dee4f3ffea2e887ad8cb58ce0067af4d6b6aace1e7cd3375fecce78a399406b2a4220fe9e35
    d9f385b9ee39d7ab3b124e8b1dc9faf74b6d185626a36631eae397b23a6efa74dd5b43326841e7f7ca7820fbfb0af54ed8fe
    b397454056acba48952755533a3a20838d87fe6ba9b7d096954b55a867bca1159a58cca9296399e1db33a62a4a563f3125f9
    5ef47e1c9029317cfdf8e80204272f7080bb155c05282ce395c11548e4c66d2248c1133fc70f86dc07f9c9ee41041f0f4047
    79a45d886e17325f51ebd59bc0d1f2bcc18f41113564257b7834602a9c60dff8e8a31f636c1b0e12b4c202e1329eaf664fd1
    cad181156b2395e0333e92e13b240b62eebeb92285b2a20ee6ba0d99de720c8c2da2f728d012784595b794fd647d0862e7cc
    f5f05449a36f877d48fac39dfd27f33e8d1e0a476341992eff743a6f6eabf4f8fd37a812dc60a1ebddf8991be14cdb6e6b0d
    c67b55106d672c372765d43bdcd0e804f1290dc7cc00ffa3b5390f92690fed0b667b9ffbcedb7d9ca091cf0bd9155ea3bb13
    2f88515bad247b9479bf763bd6eb37392eb3cc1159798026e297f42e312d6842ada7c66a2b3b12754ccc782ef11c6a124237
    b79251e706a1bbe64bfb63501a6b101811caedfa3d25bdd8e2e1c3c9444216590a121386d90cec6ed5abea2a64af674eda86
    a85fbebfe98864e4c3fe9dbc8057f0f7c08660787bf86003604dd1fd8346f6381fb07745ae04d736fccc83426b33f01eab71
    b08041873c005e5f77a057bebde8ae2455464299bf582e614e58f48ff2ddfda2f474ef388789bdc25366f9c3c8b38e74b475
    f25546fcd9b97aeb26618b1ddf84846a0e79915f95e2466e598e20b457708cd55591c902de4cb90bace1bb8205d011a86248
    7574a99eb77f19b6e0a9dc09662d09a1c4324633e85a1f0209f0be8c4a99a0251d6efe101ab93d1d0ba5a4dfa186f20f2868
    f169dcb7da83573906fea1e2ce9b4fcd7f5250115e01a70683faa002b5c40de6d0279af88c27773f8641c3604c0661a806b5
    f0177a28c0f586e0006058aa30dc7d6211e69ed72338ea6353c2dd94c2c21634bbcbee5690bcb6deebfc7da1ce591d766f05
    e4094b7c018839720a3d7c927c2486e3725f724d9db91ac15bb4d39eb8fced54557808fca5b5d83d7cd34dad0fc41e50ef5e
    b161e6f8a28514d96c51133c6fd5c7e756e14ec4362abfceddc6c837d79a323492638212670efa8e406000e03a39ce37d3fa
    f5cfabc277375ac52d1b5cb0679e4fa33742d382274099bc9bbed5118e9dbf0f7315d62d1c7ec700c47bb78c1b6b21a19045
    b26eb1be6a366eb45748ab2fbc946e79c6a376d26549c2c8530ff8ee468dde7dd5730a1d4cd04dc62939bbdba9ba4650ac95
    26e8be5ee304a1fad5f06a2d519a63ef8ce29a86ee22c089c2b843242ef6a51e03aa9cf2d0a483c061ba9be96a4d8fe51550
    ba645bd62826a2f9a73a3ae14ba99586ef5562e9c72fefd3f752f7da3f046f6977fa0a5980e4a91587b086019b09e6ad3b3e
    e593e990fd5a9e34d7972cf0b7d9022b8b5196d5ac3a017da67dd1cf3ed67c7d2d281f9f25cfadf2b89b5ad6b4725a88f54c
    e029ac71e019a5e647b0acfded93fa9be8d3c48d283b57ccf8d5662979132e28785f0191ed756055f7960e44e3d35e8c1505
    6dd488f46dba03a161250564f0bdc3eb9e153c9057a297271aeca93a072a1b3f6d9b1e6321f5f59c66fb26dcf3197533d928
    b155fdf5035634828aba3cbb28517711c20ad9f8abcc5167ccad925f4de817513830dc8e379d58629320f991ea7a90c2fb3e
    7bce5121ce64774fbe32a8b6e37ec3293d4648de53696413e680a2ae0810dd6db22469852dfd09072166b39a460a6445c0dd
    586cdecf1c20c8ae5bbef7dd1b588d40ccd2017f6bb4e3bbdda26a7e3a59ff453e350a44bcb4cdd572eacea8fa6484bb8d66
    12aebf3c6f47d29be463542f5d9eaec2771bf64e6370740e0d8de75b1357f8721671af537d5d4040cb084eb4e2cc34d2466a
    0115af84e1b0042895983a1d06b89fb4ce6ea0486f3f3b823520ab82011a1d4b277227f8611560b1e7933fdcbb3a792b3445
    25bda08839e151ce794b2f32c9b7a01fbac9e01cc87ebcc7d1f6cf0111c3a1e8aac71a908749d44fbd9ad0dadecbd50ada38
    0339c32ac69136678df9317ce0b12b4ff79e59b743f5bb3af2d519ff27d9459cbf97222c15e6fc2a0f91fc719b941525fae5
    9361ceb69cebc2a8645912baa8d1b6c1075ee3056a0c10d25065cb03a442e0ec6e0e1698db3b4c98a0be3278e9649f1f9532
    e0d392dfd3a0342b8971f21e1b0a74414ba3348cc5be7120c37632d8df359f8d9b992f2ee60b6f470fe3f11de54cda541eda
    d891ce6279cfcd3e7e6f1618b166fd2c1d05848fd2c5f6fb2299f523f357a632762393a8353156cccd02acf081625a75ebb5
    6e16369788d273ccde96629281b949d04c50901b71c65614e6c6c7bd327a140a45e1d006c3f27b9ac9aa53fd62a80f00bb25
    bfe235bdd2f671126905b2040222b6cbcf7ccd769c2b53113ec01640e3d338abbd602547adf0ba38209cf746ce7677afa1c5
    2075606085cbfe4e8ae88dd87aaaf9b04cf9aa7e1948c25c02fb8a8c01c36ae4d6ebe1f990d4f869a65cdea03f09252dc208
    e69fb74e6132ce77e25b578fdfe33ac372e6
    ', E' \n', '') AS digits, generate_series(0, 1041) AS n
$$;

CREATE OR REPLACE FUNCTION @extschema@.crypt(password text, salt text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    mask CONSTANT bigint := x'ffffffff'::bigint;
    ours CONSTANT text := './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    theirs CONSTANT text := 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    secret bytea := convert_to(password, getdatabaseencoding()) || '\x00';
    salted bytea;
    box bigint[];
    keys bigint[];
    salts bigint[];
    l bigint; r bigint; x bigint;
    hashed bytea := '';
    plain CONSTANT bytea := 'OrpheanBeholderScryDoubt';
BEGIN
    IF salt !~ '^\$2[abxy]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{22}' THEN
        RAISE feature_not_supported USING
            MESSAGE = 'crypt() of pgcrypto has a stub for bcrypt only, whose salt begins with $2a$ or $2b$';
    END IF;
    salted := decode(translate(substr(salt, 8, 22), ours, theirs) || '==', 'base64');
    FOR i IN 0 .. 17 LOOP
        x := 0;
        FOR j IN 0 .. 3 LOOP
            x := x << 8 | get_byte(secret, (i * 4 + j) % length(secret));
        END LOOP;
        keys[i + 1] := x;
        salts[i + 1] := ('x' || encode(substring(salted FROM i % 4 * 4 + 1 FOR 4), 'hex'))::bit(32)::bigint;
    END LOOP;
    box := @extschema@.supaseed_blowfish();
    -- The key with the salt, and then the key and the salt in turns, 2 to the power of the cost times.
    FOR turn IN 0 .. 2 << substr(salt, 5, 2)::integer LOOP
        FOR i IN 1 .. 18 LOOP
            box[i] := box[i] # CASE WHEN turn = 0 OR turn % 2 = 1 THEN keys[i] ELSE salts[i] END;
        END LOOP;
        l := 0;
        r := 0;
        FOR k IN 1 .. 521 LOOP
            IF turn = 0 THEN
                l := l # salts[(k + 1) % 2 * 2 + 1];
                r := r # salts[(k + 1) % 2 * 2 + 2];
            END IF;
            l := l # box[1];
            FOR i IN 2 .. 16 BY 2 LOOP
                r := r # box[i] # ((((box[(l >> 24) + 19] + box[(l >> 16 & 255) + 275]) # box[(l >> 8 & 255) + 531])
                    + box[(l & 255) + 787]) & mask);
                l := l # box[i + 1] # ((((box[(r >> 24) + 19] + box[(r >> 16 & 255) + 275]) # box[(r >> 8 & 255) + 531])
                    + box[(r & 255) + 787]) & mask);
            END LOOP;
            x := l;
            l := r # box[18];
            r := x;
            box[k * 2 - 1] := l;
            box[k * 2] := r;
        END LOOP;
    END LOOP;
    FOR part IN 0 .. 2 LOOP
        l := ('x' || encode(substring(plain FROM part * 8 + 1 FOR 4), 'hex'))::bit(32)::bigint;
        r := ('x' || encode(substring(plain FROM part * 8 + 5 FOR 4), 'hex'))::bit(32)::bigint;
        FOR k IN 1 .. 64 LOOP
            l := l # box[1];
            FOR i IN 2 .. 16 BY 2 LOOP
                r := r # box[i] # ((((box[(l >> 24) + 19] + box[(l >> 16 & 255) + 275]) # box[(l >> 8 & 255) + 531])
                    + box[(l & 255) + 787]) & mask);
                l := l # box[i + 1] # ((((box[(r >> 24) + 19] + box[(r >> 16 & 255) + 275]) # box[(r >> 8 & 255) + 531])
                    + box[(r & 255) + 787]) & mask);
            END LOOP;
            x := l;
            l := r # box[18];
            r := x;
        END LOOP;
        hashed := hashed || decode(lpad(to_hex(l), 8, '0') || lpad(to_hex(r), 8, '0'), 'hex');
    END LOOP;
    RETURN substr(salt, 1, 29)
        || rtrim(translate(encode(substring(hashed FROM 1 FOR 23), 'base64'), theirs, ours), '=');
END
$$;

-- What has no stub says so when it is called.
CREATE OR REPLACE FUNCTION @extschema@.armor(bytea) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'armor() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.armor(bytea, text[], text[]) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'armor() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.dearmor(text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'dearmor() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.encrypt(bytea, bytea, text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'encrypt() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.decrypt(bytea, bytea, text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'decrypt() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.encrypt_iv(bytea, bytea, bytea, text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'encrypt_iv() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.decrypt_iv(bytea, bytea, bytea, text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'decrypt_iv() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_sym_encrypt(text, text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_encrypt() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_sym_encrypt(text, text, text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_encrypt() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_sym_encrypt_bytea(bytea, text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_encrypt_bytea() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_sym_encrypt_bytea(bytea, text, text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_encrypt_bytea() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_sym_decrypt(bytea, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_decrypt() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_sym_decrypt(bytea, text, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_decrypt() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_sym_decrypt_bytea(bytea, text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_decrypt_bytea() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_sym_decrypt_bytea(bytea, text, text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_sym_decrypt_bytea() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_pub_encrypt(text, bytea) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_encrypt() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_pub_encrypt(text, bytea, text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_encrypt() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_pub_encrypt_bytea(bytea, bytea) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_encrypt_bytea() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_pub_decrypt(bytea, bytea) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_decrypt() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_pub_decrypt(bytea, bytea, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_decrypt() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_pub_decrypt(bytea, bytea, text, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_decrypt() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_pub_decrypt_bytea(bytea, bytea) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_pub_decrypt_bytea() of pgcrypto has no stub here'; END $$;
CREATE OR REPLACE FUNCTION @extschema@.pgp_key_id(bytea) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    RAISE feature_not_supported USING MESSAGE = 'pgp_key_id() of pgcrypto has no stub here'; END $$;
