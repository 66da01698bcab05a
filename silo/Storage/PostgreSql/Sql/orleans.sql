-- What Orleans' AdoNet providers (10.x) expect of a database: table orleansquery holds the statements that they run, by keys, parameter names and
-- column names that they know. Tables and statements are ours; one statement does what each key asks for, so no function is needed.
CREATE TABLE IF NOT EXISTS orleansquery(querykey varchar(64) PRIMARY KEY, querytext varchar(8000) NOT NULL);

CREATE TABLE IF NOT EXISTS orleansmembershipversiontable(
    deploymentid varchar(150) PRIMARY KEY, "timestamp" timestamptz(3) NOT NULL DEFAULT now(), version integer NOT NULL DEFAULT 0);

CREATE TABLE IF NOT EXISTS orleansmembershiptable(
    deploymentid varchar(150) NOT NULL REFERENCES orleansmembershipversiontable, address varchar(45) NOT NULL, port integer NOT NULL,
    generation integer NOT NULL, siloname varchar(150) NOT NULL, hostname varchar(150) NOT NULL, status integer NOT NULL, proxyport integer,
    suspecttimes varchar(8000), starttime timestamptz(3) NOT NULL, iamalivetime timestamptz(3) NOT NULL,
    PRIMARY KEY(deploymentid, address, port, generation));

CREATE TABLE IF NOT EXISTS orleansstorage(
    grainidhash integer NOT NULL, grainidn0 bigint NOT NULL, grainidn1 bigint NOT NULL, graintypehash integer NOT NULL,
    graintypestring varchar(512) NOT NULL, grainidextensionstring varchar(512), serviceid varchar(150) NOT NULL,
    payloadbinary bytea, modifiedon timestamptz NOT NULL DEFAULT now(), version integer NOT NULL);

-- One row for each state, whoever writes first: two activations that both found nothing cannot both insert.
CREATE UNIQUE INDEX IF NOT EXISTS ix_orleansstorage ON orleansstorage(
    serviceid, graintypestring, grainidn0, grainidn1, coalesce(grainidextensionstring, ''));

INSERT INTO orleansquery(querykey, querytext) VALUES
('InsertMembershipVersionKey', $$
    WITH added AS (INSERT INTO orleansmembershipversiontable(deploymentid) VALUES(@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*)::integer FROM added $$),
('InsertMembershipKey', $$
    WITH turn AS (
        UPDATE orleansmembershipversiontable SET "timestamp" = now(), version = version + 1
        WHERE deploymentid = @DeploymentId AND version = @Version AND NOT EXISTS (
            SELECT 1 FROM orleansmembershiptable
            WHERE deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING deploymentid),
    added AS (
        INSERT INTO orleansmembershiptable(deploymentid, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
        SELECT deploymentid, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM turn
        RETURNING 1)
    SELECT count(*)::integer FROM added $$),
('UpdateMembershipKey', $$
    WITH turn AS (
        UPDATE orleansmembershipversiontable SET "timestamp" = now(), version = version + 1
        WHERE deploymentid = @DeploymentId AND version = @Version AND EXISTS (
            SELECT 1 FROM orleansmembershiptable
            WHERE deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING deploymentid),
    changed AS (
        UPDATE orleansmembershiptable m SET status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime FROM turn
        WHERE m.deploymentid = turn.deploymentid AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
        RETURNING 1)
    SELECT count(*)::integer FROM changed $$),
('UpdateIAmAlivetimeKey', $$
    UPDATE orleansmembershiptable SET iamalivetime = @IAmAliveTime
    WHERE deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation $$),
('MembershipReadRowKey', $$
    SELECT v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime, m.iamalivetime, v.version
    FROM orleansmembershipversiontable v LEFT JOIN orleansmembershiptable m
    ON m.deploymentid = v.deploymentid AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    WHERE v.deploymentid = @DeploymentId $$),
('MembershipReadAllKey', $$
    SELECT v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime, m.iamalivetime, v.version
    FROM orleansmembershipversiontable v LEFT JOIN orleansmembershiptable m ON m.deploymentid = v.deploymentid
    WHERE v.deploymentid = @DeploymentId $$),
('DeleteMembershipTableEntriesKey', $$
    DELETE FROM orleansmembershiptable WHERE deploymentid = @DeploymentId;
    DELETE FROM orleansmembershipversiontable WHERE deploymentid = @DeploymentId $$),
('GatewaysQueryKey', $$
    SELECT address, proxyport, generation FROM orleansmembershiptable
    WHERE deploymentid = @DeploymentId AND status = @Status AND proxyport > 0 $$),
('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM orleansmembershiptable WHERE deploymentid = @DeploymentId AND iamalivetime < @IAmAliveTime AND status <> 3 $$),
('ReadFromStorageKey', $$
    SELECT payloadbinary, modifiedon, version FROM orleansstorage
    WHERE serviceid = @ServiceId AND graintypestring = @GrainTypeString AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
    AND coalesce(grainidextensionstring, '') = coalesce(@GrainIdExtensionString, '')
    AND grainidhash = @GrainIdHash AND graintypehash = @GrainTypeHash $$),
('WriteToStorageKey', $$
    WITH changed AS (
        UPDATE orleansstorage SET payloadbinary = @PayloadBinary, modifiedon = now(), version = version + 1
        WHERE serviceid = @ServiceId AND graintypestring = @GrainTypeString AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
        AND coalesce(grainidextensionstring, '') = coalesce(@GrainIdExtensionString, '') AND version = @GrainStateVersion
        RETURNING version),
    added AS (
        INSERT INTO orleansstorage(
            grainidhash, grainidn0, grainidn1, graintypehash, graintypestring, grainidextensionstring, serviceid, payloadbinary, version)
        SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @PayloadBinary, 1
        WHERE @GrainStateVersion IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version)
    SELECT coalesce((SELECT version FROM changed), (SELECT version FROM added), @GrainStateVersion) AS newgrainstateversion $$),
('ClearStorageKey', $$
    UPDATE orleansstorage SET payloadbinary = NULL, modifiedon = now(), version = version + 1
    WHERE serviceid = @ServiceId AND graintypestring = @GrainTypeString AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
    AND coalesce(grainidextensionstring, '') = coalesce(@GrainIdExtensionString, '') AND version = @GrainStateVersion
    RETURNING version AS newgrainstateversion $$)
ON CONFLICT (querykey) DO UPDATE SET querytext = excluded.querytext WHERE orleansquery.querytext <> excluded.querytext;
