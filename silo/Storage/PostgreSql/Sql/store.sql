-- OrleansRec's own tables. Numbers of the store: its format, P and Q.
CREATE TABLE IF NOT EXISTS rec_store(key text PRIMARY KEY, value bigint NOT NULL);

-- One counter of epochs for all streams, so that a stream deleted and made again never repeats one.
CREATE SEQUENCE IF NOT EXISTS rec_epoch;
CREATE SEQUENCE IF NOT EXISTS rec_snapshot;

-- A row for each stream. Whoever appends changes it in the same transaction, under its epoch and its last record: that is the fence.
-- Room in each page keeps such a change from touching an index.
CREATE TABLE IF NOT EXISTS rec_stream(
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE,
    epoch bigint NOT NULL, last_sequence bigint NOT NULL DEFAULT 0,
    snapshot bigint, snapshot_sequence bigint NOT NULL DEFAULT 0, snapshot_bytes bigint NOT NULL DEFAULT 0) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS rec_batch(
    stream bigint NOT NULL, first_sequence bigint NOT NULL, record_count integer NOT NULL, epoch bigint NOT NULL, checksum bigint NOT NULL, content bytea NOT NULL,
    PRIMARY KEY(stream, first_sequence));

CREATE TABLE IF NOT EXISTS rec_snapshot_chunk(
    stream bigint NOT NULL, snapshot bigint NOT NULL, index integer NOT NULL, checksum bigint NOT NULL, content bytea NOT NULL,
    PRIMARY KEY(stream, snapshot, index));

-- Batches and factors do not compress; the server need not try.
ALTER TABLE rec_batch ALTER content SET STORAGE EXTERNAL;
ALTER TABLE rec_snapshot_chunk ALTER content SET STORAGE EXTERNAL;

-- The keys that protect the dashboard's login, which must hold on every silo.
CREATE TABLE IF NOT EXISTS rec_protection_key(name text PRIMARY KEY, xml text NOT NULL);
