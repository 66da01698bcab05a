using System.Security.Claims;
using OrleansRec.Contracts;
using OrleansRec.Gateway;
using OrleansRec.Model;

namespace OrleansRec.Silo.Dashboard.Access;

/// <summary>What the operator at a browser may do: read sees, admin also starts, stops, promotes and exports.</summary>
public static class OperatorScope
{
    public const string Scheme = "orleansrec-dashboard";
    public const string CanSee = "orleansrec-dashboard-see";
    public const string CanChange = "orleansrec-dashboard-change";

    private const string KeyClaim = "key";
    private const string ScopeClaim = "scope";
    private const string TenantClaim = "tenant";

    /// <summary>The principal of a key.</summary>
    public static ClaimsPrincipal Of(Caller caller) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.Name, caller.Key.Name), new(KeyClaim, caller.Key.Id), new(ScopeClaim, caller.Scope.ToString()), new(TenantClaim, caller.Tenant.Name),
        ], Scheme));

    /// <summary>The id of the key that a principal logged in with.</summary>
    public static string? KeyId(this ClaimsPrincipal user) => user.FindFirstValue(KeyClaim);

    /// <summary>Whether the principal's key has admin scope.</summary>
    public static bool IsAdmin(this ClaimsPrincipal user) =>
        Enum.TryParse(user.FindFirstValue(ScopeClaim), out KeyScope scope) && scope >= KeyScope.Admin;

    /// <summary>Whose data the principal sees; null where nobody has logged in.</summary>
    public static TenantId? TenantOf(ClaimsPrincipal user, DashboardOptions options) =>
        options.Open ? TenantId.Default : TenantId.TryParse(user.FindFirstValue(TenantClaim), out TenantId tenant) ? tenant : null;
}
