using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>What a shop has said of users: whether their events are kept, for how long, and whether lists may follow from them.</summary>
public sealed partial class UserShardGrain
{
    public async Task<ConfigureAnswer> Configure(string userId, UserSettings settings, CancellationToken cancellation = default)
    {
        CheckOwned(userId);
        CheckPending(1);
        LoggedSettings logged = ToLogged(settings);
        UserRecord record = state.Configure(userId, logged);
        writer.Configure(userId, logged);
        undurablePending.Add(record);
        var answer = new ConfigureAnswer(record.Version);
        log.Added(state.LastSequence);
        await log.Durable(state.LastSequence);
        // A shorter retention takes out what is too old now, not at the next look.
        if (settings.EventAgeMax is not null)
        {
            retainedAt = null;
            RetainWhenDue();
        }
        return answer;
    }

    private static UserAttribute[] AttributesOf(UserRecord record) => FromLogged(record.Settings)?.Attributes ?? [];

    private static LoggedSettings ToLogged(UserSettings settings) => new(
        settings.MayPersonalise, settings.MayStore, settings.EventAgeMax, Array.ConvertAll(settings.Attributes, a => new LoggedAttribute(a.Name, a.Value)));

    private static UserSettings? FromLogged(LoggedSettings? settings) => settings is null ? null : new()
    {
        MayPersonalise = settings.MayPersonalise, MayStore = settings.MayStore, EventAgeMax = settings.EventAgeMax,
        Attributes = Array.ConvertAll(settings.Attributes, a => new UserAttribute(a.Name, a.Value)),
    };
}
