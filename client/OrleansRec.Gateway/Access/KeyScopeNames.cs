using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>The names of the scopes.</summary>
internal static class KeyScopeNames
{
    public static KeyScope? Parse(string? name) => name switch
    {
        KeyScopes.Browser => KeyScope.Browser,
        KeyScopes.Read => KeyScope.Read,
        KeyScopes.Write => KeyScope.Write,
        KeyScopes.Admin => KeyScope.Admin,
        KeyScopes.System => KeyScope.System,
        _ => null,
    };

    public static string Of(KeyScope scope) => scope switch
    {
        KeyScope.Browser => KeyScopes.Browser,
        KeyScope.Read => KeyScopes.Read,
        KeyScope.Write => KeyScopes.Write,
        KeyScope.Admin => KeyScopes.Admin,
        _ => KeyScopes.System,
    };
}
