using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;

namespace OrleansRec.Silo.Dashboard.Access;

/// <summary>The login: a cookie that scripts cannot read and other sites cannot send, and that ends with its key.</summary>
public static class OperatorCookie
{
    public static void AddOperatorCookie(this IServiceCollection services, DashboardOptions options)
    {
        IDataProtectionBuilder protection = services.AddDataProtection().SetApplicationName("OrleansRec");
        if (options.KeyFolder is null)
            protection.UseEphemeralDataProtectionProvider();
        else
            protection.PersistKeysToFileSystem(OwnFolder(options.KeyFolder));
        OpenProtectionLate(services);
        services.AddSingleton<OperatorKeys>();
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
            .AddPolicy(OperatorScope.CanChange, policy => policy.AddAuthenticationSchemes(OperatorScope.Scheme)
                .RequireAssertion(context => options.Open || context.User.IsAdmin()));
    }

    /// <summary>The framework reads or makes the protecting keys while the server starts; here the first browser can wait for that instead.</summary>
    private static void OpenProtectionLate(IServiceCollection services)
    {
        for (int i = services.Count - 1; i >= 0; i--)
            if (services[i].ServiceType == typeof(IHostedService) && services[i].ImplementationType?.Name == "DataProtectionHostedService")
                services.RemoveAt(i);
    }

    private static async Task EndWithItsKey(CookieValidatePrincipalContext context)
    {
        OperatorKeys keys = context.HttpContext.RequestServices.GetRequiredService<OperatorKeys>();
        if (!await keys.IsValid(context.Principal?.KeyId(), context.HttpContext.RequestAborted))
            context.RejectPrincipal();
    }

    /// <summary>The keys protect logins, so the folder is for the server's user alone.</summary>
    private static DirectoryInfo OwnFolder(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
