namespace OrleansRec.Api;

/// <summary>The server at a glance.</summary>
/// <param name="Product">Name and version.</param>
/// <param name="Engine">The runtime of the grains: always Orleans.</param>
/// <param name="Started">When this process started.</param>
/// <param name="Users">Users with at least one event.</param>
/// <param name="Events">Events held.</param>
/// <param name="Pairs">Distinct (user, item) pairs.</param>
/// <param name="Items">Items known from the catalogue or from events.</param>
/// <param name="CatalogueItems">Items in the catalogue.</param>
/// <param name="PendingEvents">Events waiting to become durable.</param>
/// <param name="ModelVersion">The current model; 0 where none is published.</param>
/// <param name="ModelPublished">When it was published.</param>
/// <param name="TrainingPhase">Where the training stands, as in <see cref="TrainingInfo"/>.</param>
/// <param name="UserShards">One for each user shard.</param>
/// <param name="ItemShards">One for each item shard.</param>
/// <param name="Traffic">Requests of this process.</param>
/// <param name="TrainingSilo">The silo that drives trainings; null where there is one silo.</param>
/// <param name="Disk">The disk that is stored on; only for the default tenant of a server with a data folder.</param>
public sealed record ServerStatus(
    string Product, string Engine, DateTimeOffset Started, long Users, long Events, long Pairs, long Items, long CatalogueItems,
    long PendingEvents, long ModelVersion, DateTimeOffset? ModelPublished, string TrainingPhase, UserShardEntry[] UserShards,
    ItemShardEntry[] ItemShards, TrafficInfo Traffic, string? TrainingSilo = null, DiskInfo? Disk = null);

/// <summary>The data folder and its disk.</summary>
/// <param name="Bytes">What the folder takes.</param>
/// <param name="FreeBytes">What is free on its disk.</param>
/// <param name="BytesPerDay">How much it grew in a day, over the last seven; null before six hours have been seen.</param>
/// <param name="DaysLeft">Until the disk is full at that rate; null where that is not known, or it does not grow.</param>
public sealed record DiskInfo(long Bytes, long FreeBytes, double? BytesPerDay, double? DaysLeft);

/// <summary>What a user shard holds, and on which silo it is; null where there is one silo.</summary>
public sealed record UserShardEntry(
    int Shard, long Users, long Events, long Pairs, long LastSequence, long SnapshotSequence, int PendingEvents, string? Silo = null);

/// <summary>What an item shard holds, and on which silo it is; null where there is one silo.</summary>
public sealed record ItemShardEntry(int Shard, long Items, long CatalogueItems, long CatalogueVersion, string? Silo = null);

/// <summary>Requests of one process since it started, and over the last minute.</summary>
/// <param name="Requests">Requests answered.</param>
/// <param name="Errors">Of these, with a status of 500 or more.</param>
/// <param name="Refused">Of these, with a status of 400 … 499.</param>
/// <param name="Events">Events accepted.</param>
/// <param name="InFlight">Requests being served now.</param>
/// <param name="RequestsPerSecond">Over the last ten seconds.</param>
/// <param name="EventsPerSecond">Over the last ten seconds.</param>
/// <param name="Groups">By group of endpoints.</param>
public sealed record TrafficInfo(
    long Requests, long Errors, long Refused, long Events, int InFlight, double RequestsPerSecond, double EventsPerSecond, TrafficGroup[] Groups);

/// <summary>Requests of one group of endpoints; latencies over the last minute, in milliseconds.</summary>
public sealed record TrafficGroup(
    string Name, long Requests, long Errors, double P50Ms, double P95Ms, double P99Ms, double MaxMs);
