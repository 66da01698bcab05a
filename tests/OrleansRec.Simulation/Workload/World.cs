using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>How large a simulated shop is, and how long things take in it. Small and dense: what matters is how much happens at the same time.</summary>
internal static class World
{
    public const int Clients = 4, UsersOfClient = 4, Items = 12, SilosAtStart = 3, SilosMax = 4;

    /// <summary>What each client does before it stops.</summary>
    public const int ActionsOfClient = 48;

    /// <summary>What the operator does before he stops.</summary>
    public const int ActionsOfOperator = 36;

    /// <summary>What strikes at the same time, so that silos die while others join.</summary>
    public const int Fates = 2;

    /// <summary>How often each of them strikes before the faults end.</summary>
    public const int Blows = 39;

    /// <summary>Calls that write to the storage before they are answered.</summary>
    public static readonly string[] Writes = ["ingest", "erase", "remove", "catalogue", "promote", "publish", "train"];

    public static readonly ShardMap Map = new(2, 2);

    public static readonly TenantId Tenant = TenantId.Default;

    /// <summary>How long the engine lets a call between grains wait.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(4);

    /// <summary>How long a grain may go on with a call after its caller has given up: what one access to a slow storage takes.</summary>
    public static readonly TimeSpan AfterDeadlineMax = TimeSpan.FromSeconds(2);

    /// <summary>How long after it was fenced off an activation answers reads with what it knew: while the storage answers, and while it fails.</summary>
    public static readonly TimeSpan OldReadsOfOwner = TimeSpan.FromMilliseconds(300), OldReadsMax = TimeSpan.FromSeconds(1);

    /// <summary>Longer than any message of an ended call is still on its way. Clients send nothing that contradicts it for so long.</summary>
    public static readonly TimeSpan MessageLife = TimeSpan.FromSeconds(8);

    /// <summary>Within so long after the last fault everything works again.</summary>
    public static readonly TimeSpan RecoveryMax = TimeSpan.FromMinutes(3);

    public static readonly string[] EventTypes = ["view", "click", "like", "cart", "purchase", EventTypeRules.Dislike];

    /// <summary>A plan; every third seed of a training asks for a sequence model too.</summary>
    public static TrainingPlan Plan(TrainingNumbers random) => TrainingPlan.From(
        new AlsOptions { Rank = random.Rank, Lambda = 2, Alpha = 3, Sweeps = random.Sweeps, Seed = random.Seed },
        // A dislike leaves its item out of lists, which is tried here; that it turns a vector away is tried elsewhere.
        [.. EventTypeRules.Default.All.Select(r => new TypeWeight(r.Type, r.IsNegative ? 0 : r.Weight))]) with
    {
        Sequence = random.Seed % 3 == 0 ? new() { Width = 4, Length = 4, UniformNegatives = 4, BatchSequences = 4, Epochs = 3, Patience = 1 } : null,
    };

    public static string User(int client, int user) => $"u{client * UsersOfClient + user}";

    public static string Item(int item) => $"i{item}";
}

/// <summary>The numbers of a training.</summary>
internal readonly record struct TrainingNumbers(int Rank, int Sweeps, int Seed);
