using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>A tenant to be made.</summary>
/// <param name="Name">1 to 64 characters of a-z, 0-9 and -.</param>
/// <param name="Quota">What it may use; null for as much as there is.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TenantInput(string? Name, QuotaInfo? Quota = null);

/// <summary>What a tenant may use; null for as much as there is.</summary>
/// <param name="RequestsPerSecond">Requests a second, over all its keys; short bursts may be larger.</param>
/// <param name="ConcurrentRequests">Requests served at once.</param>
/// <param name="EventsMax">Events held.</param>
/// <param name="UsersMax">Users held.</param>
/// <param name="ItemsMax">Items of the catalogue.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record QuotaInfo(
    double? RequestsPerSecond = null, int? ConcurrentRequests = null, long? EventsMax = null, long? UsersMax = null, long? ItemsMax = null);

/// <summary>A tenant that was made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="KeyId">Id of its first admin key.</param>
/// <param name="Key">The key's text; nobody can read it again.</param>
public sealed record NewTenantAnswer(string Name, string KeyId, string Key);

/// <summary>A tenant.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Created">When it was made; null for the default tenant, which is always there.</param>
/// <param name="Quota">What it may use.</param>
public sealed record TenantEntry(string Name, DateTimeOffset? Created, QuotaInfo Quota);

/// <summary>All tenants.</summary>
/// <param name="Tenants">The default one first.</param>
public sealed record TenantsAnswer(TenantEntry[] Tenants);
