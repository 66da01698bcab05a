namespace OrleansRec.Gateway;

/// <summary>The groups that requests are counted in.</summary>
public static class TrafficGroups
{
    /// <summary>Events posted and taken back.</summary>
    public const string Events = "events";
    /// <summary>Catalogue.</summary>
    public const string Items = "items";
    /// <summary>Profiles, exports, erasures.</summary>
    public const string Users = "users";
    /// <summary>Lists, similar items, explanations.</summary>
    public const string Recommendations = "recommendations";
    /// <summary>Training and model versions.</summary>
    public const string Training = "training";
    /// <summary>Status and keys.</summary>
    public const string Operations = "operations";
    /// <summary>Health probes.</summary>
    public const string Health = "health";

    internal static readonly string[] All = [Events, Items, Users, Recommendations, Training, Operations, Health];
}
