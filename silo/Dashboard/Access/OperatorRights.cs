using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Gateway;

namespace OrleansRec.Silo.Dashboard.Access;

/// <summary>What the operator of one circuit may do, asked again at each change, because a circuit can outlive its key.</summary>
public sealed class OperatorRights(
    AuthenticationStateProvider state, AccessKeys keys, IOptions<DashboardOptions> options)
{
    private bool _told;

    /// <summary>Raised, on any thread, when the login is found to have ended; once a connection, because to leave the page is itself asked for through it.</summary>
    public event Action? Ended;

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

    /// <summary>Whether the login still holds: a circuit is asked again and again, because it can outlive its key. Where it does not, the page is told.</summary>
    public async Task<bool> MaySeeNow()
    {
        if (options.Value.Open || await keys.CallerOf((await state.GetAuthenticationStateAsync()).User, CancellationToken.None) is not null)
            return true;
        if (Ended is { } ended && !Interlocked.Exchange(ref _told, true))
            ended();
        return false;
    }

    /// <summary>Lets <see cref="Ended"/> be raised again: what the page did about it may have been lost with the connection.</summary>
    public void TellAgain() => Volatile.Write(ref _told, false);

    /// <summary>The name of the key logged in with; null where none is asked for.</summary>
    public async Task<string?> KeyName() =>
        options.Value.Open ? null : (await state.GetAuthenticationStateAsync()).User.Identity?.Name;
}
