using System.ComponentModel.DataAnnotations;

namespace OrleansRec.Grains.Training;

/// <summary>When a new version is compared with the current one before it is published.</summary>
public sealed class QualityGateOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Training:QualityGate";

    /// <summary>Whether versions are compared, and the newest item of each sampled user is kept out of trainings for it.</summary>
    /// <value>true. Off, every training uses every event and every version is published. Trainings with the explicit objective are never compared.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>The largest share of users to sample.</summary>
    /// <value>0.1. More users see smaller differences, and cost one pair each.</value>
    [Range(0.001, 0.5)]
    public double ShareMax { get; set; } = 0.1;

    /// <summary>On fewer users nothing is decided, and a shop that cannot expect twice as many holds nothing out.</summary>
    /// <value>200: with the default share, shops below 4,000 users train on everything.</value>
    [Range(1, 1_000_000)]
    public int UsersMin { get; set; } = 200;

    /// <summary>About so many users are sampled at most, over all shards.</summary>
    /// <value>2,000. They are solved and scanned for once in each training, with both versions.</value>
    [Range(1, 1_000_000)]
    public int UsersMax { get; set; } = 2_000;

    /// <summary>By what share of the current version's figure a new one may be lower and still be published.</summary>
    /// <value>0.02. A difference within two of its standard errors never counts.</value>
    [Range(0.0, 1.0)]
    public double Tolerance { get; set; } = 0.02;
}
