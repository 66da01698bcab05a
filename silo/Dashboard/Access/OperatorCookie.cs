using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using OrleansRec.Gateway;

namespace OrleansRec.Silo.Dashboard.Access;

/// <summary>The login: a cookie that scripts cannot read and other sites cannot send, and that ends with its key.</summary>
public static class OperatorCookie
{
    public static void AddOperatorCookie(this IServiceCollection services, DashboardOptions options)
    {
        IDataProtectionBuilder protection = services.AddDataProtection().SetApplicationName("OrleansRec");
        if (options.KeysInStore is { } keys)
            services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>((o, provider) => o.XmlRepository = keys(provider));
        else if (options.KeyFolder is null)
            protection.UseEphemeralDataProtectionProvider();
        else
            protection.PersistKeysToFileSystem(OwnFolder(options.KeyFolder));
        services.AddAuthentication().AddCookie(OperatorScope.Scheme, cookie =>
        {
            cookie.Cookie.Name = "orleansrec-dashboard";
            cookie.Cookie.Path = "/";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = options.LoginPeriod;
            cookie.SlidingExpiration = false;
            cookie.LoginPath = "/dashboard/login";
            cookie.AccessDeniedPath = "/dashboard/login";
            cookie.ReturnUrlParameter = "then";
            cookie.Events.OnValidatePrincipal = EndWithItsKey;
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(OperatorScope.CanSee, policy => policy.AddAuthenticationSchemes(OperatorScope.Scheme)
                .RequireAssertion(context => options.Open || context.User.KeyId() is not null))
            .AddPolicy(OperatorScope.CanSeeCluster, policy => policy.AddAuthenticationSchemes(OperatorScope.Scheme)
                .RequireAssertion(context => options.Open || context.User.IsClusterAdmin()))
            .AddPolicy(OperatorScope.CanChange, policy => policy.AddAuthenticationSchemes(OperatorScope.Scheme)
                .RequireAssertion(context => options.Open || context.User.IsAdmin()));
    }

    private static async Task EndWithItsKey(CookieValidatePrincipalContext context)
    {
        AccessKeys keys = context.HttpContext.RequestServices.GetRequiredService<AccessKeys>();
        if (await keys.CallerOf(context.Principal, context.HttpContext.RequestAborted) is null)
            context.RejectPrincipal();
    }

    /// <summary>Whose login it is, where it has not ended and its key is not revoked since.</summary>
    internal static async Task<Caller?> CallerOf(this AccessKeys keys, ClaimsPrincipal? user, CancellationToken cancellation) =>
        user?.KeyId() is { } id && !user.IsOver(TimeProvider.System.GetUtcNow()) && OperatorScope.TenantOf(user, NotOpen) is { } tenant
            ? await keys.Find(tenant, id, cancellation) : null;

    private static readonly DashboardOptions NotOpen = new();

    /// <summary>The keys protect logins, so the folder is for the server's user alone.</summary>
    private static DirectoryInfo OwnFolder(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
