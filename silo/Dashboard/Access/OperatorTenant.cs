using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;
using OrleansRec.Gateway;
using OrleansRec.Model;

namespace OrleansRec.Silo.Dashboard.Access;

/// <summary>Tells a circuit whose data it shows before its first component is made: the tenant of the key that the operator logged in with; and ends with that key.</summary>
public sealed class OperatorTenant(
    AuthenticationStateProvider state, ActiveTenant active, OperatorRights rights, IOptions<DashboardOptions> options) : CircuitHandler
{
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var operatorState = await state.GetAuthenticationStateAsync();
        if (OperatorScope.TenantOf(operatorState.User, options.Value) is { } tenant)
            active.Id = tenant;
    }

    /// <summary>A browser that comes back after its login has ended is told so.</summary>
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        rights.TellAgain();
        return rights.MaySeeNow();
    }

    /// <summary>What a browser does after its login has ended reaches no page, and takes it to the login.</summary>
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        async context =>
        {
            if (await rights.MaySeeNow())
                await next(context);
        };

    /// <summary>The same for one request to the dashboard.</summary>
    public static Task Choose(HttpContext context, RequestDelegate next)
    {
        if (OperatorScope.TenantOf(context.User, context.RequestServices.GetRequiredService<IOptions<DashboardOptions>>().Value) is { } tenant)
            context.RequestServices.GetRequiredService<ActiveTenant>().Id = tenant;
        return next(context);
    }
}
