using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Gateway;

namespace OrleansRec.Silo.Dashboard.Access;

/// <summary>What the operator of one circuit may do, asked again at each change, because a circuit can outlive its key.</summary>
public sealed class OperatorRights(
    AuthenticationStateProvider state, AccessKeys keys, IOptions<DashboardOptions> options)
{
    /// <summary>Whether buttons that change something are offered.</summary>
    public async Task<bool> MayChange() =>
        options.Value.Open || (await state.GetAuthenticationStateAsync()).User.IsAdmin();

    /// <summary>Whether such a button may now be obeyed.</summary>
    public async Task<bool> MayChangeNow()
    {
        if (options.Value.Open)
            return true;
        var user = (await state.GetAuthenticationStateAsync()).User;
        return await keys.CallerOf(user, CancellationToken.None) is { Scope: >= KeyScope.Admin };
    }

    /// <summary>Whether the login still holds: a circuit is asked again and again, because it can outlive its key.</summary>
    public async Task<bool> MaySeeNow() =>
        options.Value.Open || await keys.CallerOf((await state.GetAuthenticationStateAsync()).User, CancellationToken.None) is not null;

    /// <summary>The name of the key logged in with; null where none is asked for.</summary>
    public async Task<string?> KeyName() =>
        options.Value.Open ? null : (await state.GetAuthenticationStateAsync()).User.Identity?.Name;
}
