namespace OrleansRec.Model;

/// <summary>A tenant: whose data it is. Every key of a grain and every name of a stream begins with it.</summary>
/// <remarks>1 to 64 characters of a-z, 0-9 and '-'. So it holds no '/', which ends it within a key. <c>default(TenantId)</c> is <see cref="Default"/>.</remarks>
public readonly record struct TenantId
{
    /// <summary>The longest name, characters.</summary>
    public const int CharsMax = 64;

    /// <summary>What a name must be, as a caller is told.</summary>
    public const string Rule = "must be 1 to 64 characters of a-z, 0-9 and -";

    private const string DefaultName = "default";

    // Null stands for the default tenant, so that the zero value is a tenant too.
    private readonly string? name;

    private TenantId(string? name) => this.name = name;

    /// <summary>The tenant of a server that has one only.</summary>
    public static TenantId Default => default;

    /// <summary>The server itself: keys of what belongs to no tenant. No caller can name it, because '*' is in no tenant's name.</summary>
    public static TenantId System { get; } = new("*");

    /// <summary>The name.</summary>
    public string Name => name ?? DefaultName;

    /// <summary>The tenant of a name.</summary>
    /// <exception cref="ArgumentException">The name breaks <see cref="Rule"/>.</exception>
    public static TenantId Of(string name) =>
        TryParse(name, out TenantId tenant) ? tenant : throw new ArgumentException($"A tenant {Rule}; got '{name}'.", nameof(name));

    /// <summary>The tenant of a name, where the name keeps <see cref="Rule"/>.</summary>
    public static bool TryParse(string? name, out TenantId tenant)
    {
        bool isName = name is { Length: >= 1 and <= CharsMax } && !name.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-");
        tenant = isName && name != DefaultName ? new(name) : default;
        return isName;
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
