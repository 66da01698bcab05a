using Microsoft.AspNetCore.Http;

namespace OrleansRec.Gateway;

/// <summary>The paths that the gateway answers for.</summary>
internal static class GatewayPaths
{
    public const string Api = "/v1";
    public const string Health = "/health";
    public const string OpenApi = "/openapi";

    public static bool IsOurs(PathString path) =>
        path.StartsWithSegments(Api) || path.StartsWithSegments(Health) || path.StartsWithSegments(OpenApi);
}
