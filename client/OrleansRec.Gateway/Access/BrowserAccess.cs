using Microsoft.AspNetCore.Builder;

namespace OrleansRec.Gateway;

/// <summary>Metadata of endpoints that a key of scope browser may use: such a key is in a page's source, so anybody has it.</summary>
internal sealed record BrowserAccess
{
    public static readonly BrowserAccess Allowed = new();
}

/// <summary>Declares it.</summary>
internal static class BrowserAccessConvention
{
    /// <summary>A key of scope browser suffices.</summary>
    public static RouteHandlerBuilder LetsBrowsersIn(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(BrowserAccess.Allowed);
}
