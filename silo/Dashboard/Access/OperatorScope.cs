using System.Globalization;
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
    public const string CanSeeCluster = "orleansrec-dashboard-cluster";

    private const string KeyClaim = "key";
    private const string ScopeClaim = "scope";
    private const string TenantClaim = "tenant";
    private const string UntilClaim = "until";

    /// <summary>The principal of a key.</summary>
    public static ClaimsPrincipal Of(Caller caller, DateTimeOffset until) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.Name, caller.Key.Name), new(KeyClaim, caller.Key.Id), new(ScopeClaim, caller.Scope.ToString()), new(TenantClaim, caller.Tenant.Name),
            new(UntilClaim, until.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
        ], Scheme));

    /// <summary>The id of the key that a principal logged in with.</summary>
    public static string? KeyId(this ClaimsPrincipal user) => user.FindFirstValue(KeyClaim);

    /// <summary>Whether the principal's key has admin scope.</summary>
    public static bool IsAdmin(this ClaimsPrincipal user) =>
        Enum.TryParse(user.FindFirstValue(ScopeClaim), out KeyScope scope) && scope >= KeyScope.Admin;

    /// <summary>Whether the principal's key has admin scope of the default tenant, whose admins run the cluster.</summary>
    public static bool IsClusterAdmin(this ClaimsPrincipal user) => user.IsAdmin() && user.FindFirstValue(TenantClaim) == TenantId.Default.Name;

    /// <summary>Whether the login has ended by its time. A circuit lives on without cookies, so it asks here.</summary>
    public static bool IsOver(this ClaimsPrincipal user, DateTimeOffset now) =>
        !long.TryParse(user.FindFirstValue(UntilClaim), NumberStyles.None, CultureInfo.InvariantCulture, out long until) || now.ToUnixTimeMilliseconds() >= until;

    /// <summary>Whose data the principal sees; null where nobody has logged in.</summary>
    public static TenantId? TenantOf(ClaimsPrincipal user, DashboardOptions options) =>
        options.Open ? TenantId.Default : TenantId.TryParse(user.FindFirstValue(TenantClaim), out TenantId tenant) ? tenant : null;
}
