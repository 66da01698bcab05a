namespace OrleansRec.Api;

/// <summary>A tenant to be made.</summary>
/// <param name="Name">1 to 64 characters of a-z, 0-9 and -.</param>
public sealed record TenantInput(string Name);

/// <summary>A tenant that was made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="KeyId">Id of its first admin key.</param>
/// <param name="Key">The key's text; nobody can read it again.</param>
public sealed record NewTenantAnswer(string Name, string KeyId, string Key);

/// <summary>A tenant.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Created">When it was made; null for the default tenant, which is always there.</param>
public sealed record TenantEntry(string Name, DateTimeOffset? Created);

/// <summary>All tenants.</summary>
/// <param name="Tenants">The default one first.</param>
public sealed record TenantsAnswer(TenantEntry[] Tenants);
