using System.CommandLine;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>tenants create | list.</summary>
internal static class TenantsCommand
{
    public static Command Make() => new("tenants", "Create or list tenants, each with data, models and keys of its own.") { Create(), List() };

    private static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "1 to 64 characters of a-z, 0-9 and -." };
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("create", "Create a tenant; its first admin key is shown once.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: true, cancellation);
            string asked = parsed.GetRequiredValue(name);
            var made = await open.Recommender.CreateTenant(new(asked), cancellation)
                ?? throw new BadInputException("name", asked, "must be a name that no tenant has");
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(made, ApiJson.Default.NewTenantAnswer, m => output.Line($"{m.Key}\ntenant {m.Name}, admin key {m.KeyId}; it is not shown again"));
            return ExitCodes.Done;
        }, target.With(name, json));
    }

    private static Command List()
    {
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("list", "List tenants.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var tenants = await open.Recommender.ListTenants(cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(tenants, ApiJson.Default.TenantsAnswer, t => output.Table(
                ["tenant", "created"], t.Tenants.Select(e => new[] { e.Name, $"{e.Created:u}" })));
            return ExitCodes.Done;
        }, target.With(json));
    }
}
