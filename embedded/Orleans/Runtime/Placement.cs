namespace Orleans.Placement
{
    /// <summary>Where activations of a grain class are put. One process has one place, so only stateless workers differ.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public abstract class PlacementAttribute : Attribute;

    /// <summary>Any silo.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class RandomPlacementAttribute : PlacementAttribute;

    /// <summary>The silo that the key's hash chooses.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class HashBasedPlacementAttribute : PlacementAttribute;

    /// <summary>The caller's silo.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class PreferLocalPlacementAttribute : PlacementAttribute;
}

namespace Orleans
{
    /// <summary>Activations of this class are never collected for being idle.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public class KeepAliveAttribute : Attribute;

    /// <summary>How long an activation of this class may be idle before it is collected; at least one minute.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public class CollectionAgeLimitAttribute : Attribute
    {
        private readonly TimeSpan? _period;

        /// <summary>The time is the sum of the properties.</summary>
        public CollectionAgeLimitAttribute()
        {
        }

        /// <summary>The time, from text such as "00:05:00".</summary>
        public CollectionAgeLimitAttribute(string inactivityPeriod) =>
            _period = TimeSpan.Parse(inactivityPeriod, System.Globalization.CultureInfo.InvariantCulture);

        /// <summary>The shortest time.</summary>
        public static readonly TimeSpan MinAgeLimit = TimeSpan.FromMinutes(1);

        /// <summary>Days to add.</summary>
        public double Days { get; set; }

        /// <summary>Hours to add.</summary>
        public double Hours { get; set; }

        /// <summary>Minutes to add.</summary>
        public double Minutes { get; set; }

        /// <summary>Never collected.</summary>
        public bool AlwaysActive { get; set; }

        /// <summary>The time.</summary>
        public TimeSpan AgeLimit
        {
            get
            {
                var period = _period ?? TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes);
                return AlwaysActive ? TimeSpan.MaxValue : period < MinAgeLimit ? MinAgeLimit : period;
            }
        }
    }
}

namespace Orleans
{
    /// <summary>The name of the grain class in grain ids, and so in storage.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class GrainTypeAttribute(string grainType) : Attribute
    {
        internal string Name { get; } = grainType;
    }
}
