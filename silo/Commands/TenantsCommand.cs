using System.CommandLine;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>tenants create | list | quota.</summary>
internal static class TenantsCommand
{
    public static Command Make() => new("tenants", "Create or list tenants, each with data, models and keys of its own; say what they may use.")
    {
        Create(), List(), Quota(),
    };

    private static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "1 to 64 characters of a-z, 0-9 and -." };
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("create", "Create a tenant; its first admin key is shown once.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: true, cancellation);
            string asked = parsed.GetRequiredValue(name);
            var made = await open.Recommender.CreateTenantAsync(new TenantInput(asked), cancellation)
                ?? throw new BadInputException("name", asked, "must be a name that no tenant has");
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(made, ApiJson.Default.NewTenantAnswer, m => output.Line($"{m.Key}\ntenant {m.Name}, admin key {m.KeyId}; it is not shown again"));
            return ExitCodes.Done;
        }, target.With(name, json));
    }

    private static Command Quota()
    {
        var name = new Argument<string>("NAME") { Description = "The tenant." };
        var rate = new Option<double?>("--rate") { Description = "Requests a second.", HelpName = "N" };
        var concurrent = new Option<int?>("--concurrent") { Description = "Requests at once.", HelpName = "N" };
        var events = new Option<long?>("--events") { Description = "Events held.", HelpName = "N" };
        var users = new Option<long?>("--users") { Description = "Users held.", HelpName = "N" };
        var items = new Option<long?>("--items") { Description = "Items of the catalogue.", HelpName = "N" };
        var target = new TargetOptions();
        return new Command("quota", "Say what a tenant may use; what is not given is not bounded.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            string asked = parsed.GetRequiredValue(name);
            var quota = new QuotaInfo(
                parsed.GetValue(rate), parsed.GetValue(concurrent), parsed.GetValue(events), parsed.GetValue(users), parsed.GetValue(items));
            if (!await open.Recommender.SetQuotaAsync(asked, quota, cancellation))
                throw new BadInputException("name", asked, "must be the name of a tenant: see tenants list");
            Console.Out.WriteLine($"quota of {asked} is set");
            return ExitCodes.Done;
        }, target.With(name, rate, concurrent, events, users, items));
    }

    private static Command List()
    {
        var (json, target) = (CommandOptions.Json(), new TargetOptions());
        return new Command("list", "List tenants.").Does(async (parsed, cancellation) =>
        {
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var tenants = await open.Recommender.ListTenantsAsync(cancellation);
            var output = new CommandOutput(parsed.GetValue(json));
            output.Answer(tenants, ApiJson.Default.TenantsAnswer, t => output.Table(
                ["tenant", "created", "requests/s", "at once", "events", "users", "items"], t.Tenants.Select(e => new[]
                {
                    e.Name, $"{e.Created:u}", $"{e.Quota.RequestsPerSecond}", $"{e.Quota.ConcurrentRequests}", $"{e.Quota.EventsMax}", $"{e.Quota.UsersMax}",
                    $"{e.Quota.ItemsMax}",
                })));
            return ExitCodes.Done;
        }, target.With(json));
    }
}
