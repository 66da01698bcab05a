using System.Security.Claims;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Dashboard.Access;

/// <summary>What the operator at a browser may do: read sees, admin also starts, stops, promotes and exports.</summary>
public static class OperatorScope
{
    public const string Scheme = "orleansrec-dashboard";
    public const string CanSee = "orleansrec-dashboard-see";
    public const string CanChange = "orleansrec-dashboard-change";

    private const string KeyClaim = "key";
    private const string ScopeClaim = "scope";

    /// <summary>The principal of a key.</summary>
    public static ClaimsPrincipal Of(KeyRecord key) => new(new ClaimsIdentity(
        [new(ClaimTypes.Name, key.Name), new(KeyClaim, key.Id), new(ScopeClaim, key.Scope.ToString())], Scheme));

    /// <summary>The id of the key that a principal logged in with.</summary>
    public static string? KeyId(this ClaimsPrincipal user) => user.FindFirstValue(KeyClaim);

    /// <summary>Whether the principal's key has admin scope.</summary>
    public static bool IsAdmin(this ClaimsPrincipal user) => user.HasClaim(ScopeClaim, nameof(KeyScope.Admin));
}
