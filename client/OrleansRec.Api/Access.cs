using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>The scopes of an API key, each holding the ones before it.</summary>
public static class KeyScopes
{
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
/// <param name="Scope">read, write or admin.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record KeyInput(string? Name, string? Scope);

/// <summary>A key just made. The key itself is shown here and never again.</summary>
public sealed record NewKeyAnswer(string Id, string Name, string Scope, DateTimeOffset Created, string Key);

/// <summary>A key as it is listed.</summary>
public sealed record KeyEntry(string Id, string Name, string Scope, DateTimeOffset Created);

/// <summary>The keys, oldest first.</summary>
public sealed record KeysAnswer(KeyEntry[] Keys);
