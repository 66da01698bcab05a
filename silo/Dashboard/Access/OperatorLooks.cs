using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Options;
using OrleansRec.Gateway;

namespace OrleansRec.Silo.Dashboard.Access;

/// <summary>Notes what a page shows of users in the access log, before it is shown.</summary>
public sealed class OperatorLooks(AuthenticationStateProvider state, AccessKeys keys, AccessLog log, IOptions<DashboardOptions> options)
{
    /// <summary>Notes a look at a user, or at a page of many where no user is given.</summary>
    /// <exception cref="UnauthorizedAccessException">The session's key is not valid any more.</exception>
    public async Task Record(string verb, string? userId)
    {
        Caller caller = options.Value.Open
            ? Caller.Local
            : await keys.CallerOf((await state.GetAuthenticationStateAsync()).User, CancellationToken.None)
                ?? throw new UnauthorizedAccessException("The key of this login is not valid any more.");
        await log.Record(caller, verb, userId);
    }
}
