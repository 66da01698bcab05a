using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>The scopes of an API key, each holding the ones before it.</summary>
public static class KeyScopes
{
    /// <summary>For pages: records events and asks for lists and similar items, and nothing else. Whoever sees the page has the key.</summary>
    public const string Browser = "browser";

    /// <summary>Lists, profiles, catalogue, status.</summary>
    public const string Read = "read";

    /// <summary>Also events and items.</summary>
    public const string Write = "write";

    /// <summary>Also erasure and export of users, training, models and keys.</summary>
    public const string Admin = "admin";

    /// <summary>Also tenants; for keys of the default tenant only.</summary>
    public const string System = "system";
}

/// <summary>A key to make.</summary>
/// <param name="Name">What it is for, 1 … 100 characters.</param>
/// <param name="Scope">read, write, admin; or system, for keys of the default tenant.</param>
/// <param name="RequestsPerSecond">Requests a second that the key may make; null for as many as its tenant may.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record KeyInput(string? Name, string? Scope, double? RequestsPerSecond = null);

/// <summary>A key just made. The key itself is shown here and never again.</summary>
public sealed record NewKeyAnswer(string Id, string Name, string Scope, DateTimeOffset Created, string Key);

/// <summary>A key as it is listed.</summary>
/// <param name="Id">Names the key.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scope">What it may do.</param>
/// <param name="Created">When it was made.</param>
/// <param name="LastUsed">When it was last used, to about a minute; null where it never was.</param>
/// <param name="OldSecretUntil">Until when the secret before the last rotation is valid too; null where it is not.</param>
/// <param name="RequestsPerSecond">Requests a second that it may make; null for as many as its tenant may.</param>
public sealed record KeyEntry(
    string Id, string Name, string Scope, DateTimeOffset Created, DateTimeOffset? LastUsed = null, DateTimeOffset? OldSecretUntil = null,
    double? RequestsPerSecond = null);

/// <summary>How a key is rotated.</summary>
/// <param name="OverlapSeconds">How long the old secret is valid beside the new one: 0 to 30 days; a day where it is null.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record KeyRotation(double? OverlapSeconds = null)
{
    /// <summary>The longest overlap, seconds: 30 days.</summary>
    public const double OverlapSecondsMax = 30 * 24 * 3600;

    /// <summary>The overlap where none is given, seconds: a day.</summary>
    public const double OverlapSecondsDefault = 24 * 3600;
}

/// <summary>Looks at personal data.</summary>
/// <param name="Entries">The latest first.</param>
/// <param name="Next">Cursor of the following page; null ends it.</param>
public sealed record AccessPage(AccessLook[] Entries, string? Next);

/// <summary>One look at personal data.</summary>
/// <param name="Time">When.</param>
/// <param name="KeyId">With which key.</param>
/// <param name="KeyName">The key's name then.</param>
/// <param name="Verb">What was asked for, such as exportUser.</param>
/// <param name="User">A keyed hash of the user's id, the same for the same user; empty where a page of many was looked at.</param>
public sealed record AccessLook(DateTimeOffset Time, string KeyId, string KeyName, string Verb, string User);

/// <summary>The keys, oldest first.</summary>
public sealed record KeysAnswer(KeyEntry[] Keys);
