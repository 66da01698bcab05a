using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>
/// A client with users of its own, one call after the other: it ingests, and sends again with the same event ids what was not answered; asks for lists,
/// explanations and histories; takes events back and erases users.
/// </summary>
internal sealed class Client(int number, Shop shop, Temper temper, SimulatedRandom random)
{
    private const int AttemptsMax = 10;

    // Few, so that merges are left for the cluster to finish.
    private const int MergeAttemptsMax = 2;
    private readonly ClientUser[] _users = [.. Enumerable.Range(0, World.UsersOfClient).Select(u => new ClientUser(World.User(number, u)))];

    public IEnumerable<ClientUser> Users => _users;

    public async Task Run()
    {
        for (var action = 0; action < World.ActionsOfClient; action++)
        {
            await shop.Wait(random.Time(TimeSpan.Zero, TimeSpan.FromMilliseconds(600)));
            // Every choice is drawn before it is known whether the action may be taken, so that a shorter run draws the same.
            var (what, awake) = (random.Below(100), _users.Where(u => !u.IsResting).ToArray());
            var user = random.Of(awake);
            if (Due() is { } rested)
                await Undo(rested);
            else if (!shop.Step($"client {number}", $"acts for {user.Id}"))
                return;
            else
                await Act(user, what);
        }
    }

    private async Task Act(ClientUser user, int what)
    {
        switch (what)
        {
            case < 36:
                await Ingest(user);
                break;
            case < 44:
                await IngestThenRecommend(user);
                break;
            case < 62:
                await Recommend(user);
                break;
            case < 71:
                await Explain(user);
                break;
            case < 76:
                await Export(user);
                break;
            case < 78:
                await Configure(user, new() { MayStore = what == 76 });
                break;
            default:
                Rest(user, what - 78);
                break;
        }
    }

    private async Task Ingest(ClientUser user)
    {
        var events = NewEvents(user);
        var answer = await shop.Insist(
            random, "ingest", $"{user.Id} records {Text(events)}", AttemptsMax,
            (attempt, cancellation) => shop.User(user.Id).Record(OfAttempt(events, attempt), cancellation));
        if (answer is not null)
            Acknowledged(user, events, answer.Value);
    }

    private async Task IngestThenRecommend(ClientUser user)
    {
        var (events, request) = (NewEvents(user), NewRequest());
        var answer = await shop.Insist(
            random, "ingest", $"{user.Id} records {Text(events)} for a list", AttemptsMax,
            (attempt, cancellation) => shop.User(user.Id).RecordThenRecommend(OfAttempt(events, attempt), request, cancellation));
        if (answer is null)
            return;
        Acknowledged(user, events, answer.Value.Answer);
        shop.Answers.List(user.Id, request, answer.Value.List, Math.Min(shop.VersionToShow(user), answer.Value.Answer.HistoryVersion));
    }

    private async Task Recommend(ClientUser user)
    {
        var (request, version) = (NewRequest(), shop.VersionToShow(user));
        if (await shop.Try("recommend", $"{user.Id} asks for a list", Shop.Deadline(random), c => shop.User(user.Id).Recommend(request, c)) is { } list)
            shop.Answers.List(user.Id, request, list.Value, version);
    }

    private async Task Explain(ClientUser user)
    {
        var (item, version) = (World.Item(random.Below(World.Items)), shop.VersionToShow(user));
        if (await shop.Try("explain", $"{user.Id} asks why {item}", Shop.Deadline(random), c => shop.User(user.Id).Explain(item, c)) is { Value: { } split })
            shop.Answers.Explanation(user.Id, split, version);
    }

    private async Task Export(ClientUser user)
    {
        var version = shop.VersionToShow(user);
        if (await shop.Try("export", $"{user.Id} is exported", Shop.Deadline(random), c => shop.User(user.Id).Export(c)) is { } history)
            shop.Answers.History(history.Value, version);
    }

    /// <summary>The user does nothing until nothing that was sent for him is on its way any more; then events are taken back, or he is erased, or both.</summary>
    private void Rest(ClientUser user, int how)
    {
        if (_users.Count(u => u.IsResting) >= temper.RestingMax)
            return;
        (user.IsResting, user.RestsUntil) = (true, shop.Clock.GetUtcNow() + World.MessageLife);
        (user.ToErase, user.ToTakeBack) = temper.Undoing(how);
        (user.ToMerge, user.ToRetain) = (temper.Merges(how), how is 3 or 20);
    }

    private ClientUser? Due()
    {
        var rested = Array.Find(_users, u => u.IsResting && u.RestsUntil <= shop.Clock.GetUtcNow());
        if (rested is null)
            return null;
        if (!rested.IsUndone)
            return shop.Step($"client {number}", $"takes back {rested.ToTakeBack} events of {rested.Id}{(rested.ToErase ? " and erases him" : "")}") ? rested : null;
        (rested.IsResting, rested.IsUndone) = (false, false);
        shop.Truth.TakenBack--;
        return null;
    }

    private async Task Undo(ClientUser user)
    {
        shop.Truth.TakenBack++;
        for (var taken = 0; taken < user.ToTakeBack && shop.Truth.Users.Now(user.Id) is { Count: > 0 } events; taken++)
            await Remove(user, random.Of(events));
        if (user.ToRetain)
            await Retain(user);
        else if (user.ToMerge && !await Merge(user))
            return;
        else if (user.ToErase)
            await Erase(user);
        (user.IsUndone, user.RestsUntil) = (true, shop.Clock.GetUtcNow() + World.MessageLife);
    }

    private async Task Configure(ClientUser user, UserSettings settings)
    {
        var answer = await shop.Insist(
            random, "ingest", $"{user.Id} says {(settings.MayStore ? "keep" : "keep nothing")}", AttemptsMax, (_, cancellation) => shop.User(user.Id).Configure(settings, cancellation));
        user.Version = Math.Max(user.Version, answer?.Value.HistoryVersion ?? 0);
    }

    /// <summary>Every event of the shop is decades old, so all of the user's go. When is not known, so no model is held against the log from here to the end.</summary>
    private async Task Retain(ClientUser user)
    {
        shop.Truth.TakenBack++;
        var answer = await shop.Insist(
            random, "remove", $"{user.Id} keeps a day", AttemptsMax, (_, cancellation) => shop.User(user.Id).Configure(new() { EventAgeMax = TimeSpan.FromDays(1) }, cancellation));
        user.Version = Math.Max(user.Version, answer?.Value.HistoryVersion ?? 0);
    }

    /// <summary>False where the merge was not answered: it may be finished at any time, and the user does nothing any more.</summary>
    private async Task<bool> Merge(ClientUser user)
    {
        var into = random.Of(_users.Where(u => u != user && !u.IsResting).ToArray());
        var before = shop.Truth.Users.Now(user.Id);
        var begun = new BegunMerge(user.Id, into.Id, before);
        shop.Truth.Merges.Add(begun);
        if (await AskToMerge(user.Id, into.Id) is not { } answer)
        {
            (user.IsUndone, user.IsLeftToTheCluster, user.RestsUntil) = (true, true, DateTimeOffset.MaxValue);
            return false;
        }
        begun.IsAnswered = true;
        shop.Checks.Require(
            shop.Truth.Users.Now(user.Id).Count == 0, CheckNames.MergeIsWhole, () => $"User {user.Id} is merged into {into.Id}, says the answer, and has events in the log.");
        foreach (var e in before)
            shop.Checks.Require(
                shop.Truth.Users.HasAt(into.Id, e.ItemId, e.TimeMs) || shop.Truth.Users.IsErased(into.Id, e.EventKey) || shop.Truth.Users.HasRefused(into.Id)
                    || shop.Truth.Users.HasHadRetention(into.Id), CheckNames.MergeIsWhole,
                () => $"The event {e.ItemId}@{e.TimeMs} of {user.Id} should be {into.Id}'s; the log does not have it.");
        into.Version = Math.Max(into.Version, answer.Value.HistoryVersion);
        return true;
    }

    /// <summary>One merge of a client who changes his mind is given up between its steps, so that the cluster has to finish what is half done.</summary>
    private Task<Answer<MergeAnswer>?> AskToMerge(string from, string into)
    {
        var (givesUp, after) = (random.Chance(0.7), random.Time(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(60)));
        var what = $"{from} is merged into {into}";
        Task<MergeAnswer> Ask(CancellationToken cancellation) => shop.User(into).Merge(from, cancellation);
        return givesUp && temper.GivesUpMerges && !Array.Exists(_users, u => u.IsLeftToTheCluster)
            ? shop.Try("remove", what, after, Ask)
            : shop.Insist(random, "remove", what, MergeAttemptsMax, (_, cancellation) => Ask(cancellation));
    }

    private async Task Erase(ClientUser user)
    {
        // An erased user is one who was never seen: version 0, until the next event.
        user.Version = 0;
        var answer = await shop.Insist(random, "erase", $"{user.Id} is erased", AttemptsMax, (_, cancellation) => shop.User(user.Id).Erase(cancellation));
        if (answer is not null)
            shop.Checks.Require(
                shop.Truth.Users.Now(user.Id).Count == 0, CheckNames.ErasedStaysErased, () => $"User {user.Id} is erased, says the answer, but not the log.");
    }

    private async Task Remove(ClientUser user, HistoryEvent e)
    {
        var answer = await shop.Insist(
            random, "remove", $"{user.Id} takes back {e.ItemId}@{e.TimeMs}", AttemptsMax, (_, cancellation) => shop.User(user.Id).Remove(e.EventKey, cancellation));
        if (answer is null)
            return;
        shop.Checks.Require(
            !shop.Truth.Users.Has(user.Id, e.EventKey), CheckNames.AcknowledgedIsDurable, () => $"The event {e.ItemId}@{e.TimeMs} of {user.Id} is taken back, says the answer, but not the log.");
        user.Version = Math.Max(user.Version, answer.Value.HistoryVersion);
    }

    private void Acknowledged(ClientUser user, EventRecord[] events, AppendAnswer answer)
    {
        if (answer.NotStored > 0)
            shop.Checks.Require(
                shop.Truth.Users.HasRefused(user.Id), CheckNames.ConsentIsKept, () => $"Events of user {user.Id} are not stored, says the answer; the user never said so.");
        // What is too old when it comes may be gone when it is answered.
        else if (!shop.Truth.Users.HasHadRetention(user.Id))
            shop.Answers.Appended(user.Id, events);
        user.Version = Math.Max(user.Version, answer.HistoryVersion);
    }

    private EventRecord[] NewEvents(ClientUser user) => [.. Enumerable.Range(0, random.Between(1, 3)).Select(_ =>
    {
        var time = shop.NewTime();
        return new EventRecord(
            user.Id, World.Item(Math.Min(random.Below(World.Items), random.Below(World.Items))), random.Of(World.EventTypes), random.Between(1, 3), time,
            random.Chance(0.3) ? $"s{random.Below(5)}" : null, IdHash.Of($"event {time}"));
    })];

    private EventRecord[] OfAttempt(EventRecord[] events, int attempt) =>
        [.. events.Select(e => e with { EventKey = shop.KeyOfAttempt(e.EventKey, attempt) })];

    private RecommendRequest NewRequest() => new() { K = random.Between(2, 8), IncludeSeen = random.Chance(0.4) };

    private static string Text(EventRecord[] events) => string.Join(", ", events.Select(e => $"{e.Type} {e.ItemId}@{e.TimeMs}"));
}

/// <summary>What a client knows of one of its users.</summary>
internal sealed class ClientUser(string id)
{
    public string Id { get; } = id;

    /// <summary>The highest version that was acknowledged.</summary>
    public long Version { get; set; }

    public bool IsResting { get; set; }

    public bool IsUndone { get; set; }

    /// <summary>Whether a merge of this user was not answered.</summary>
    public bool IsLeftToTheCluster { get; set; }

    public bool ToErase { get; set; }

    public bool ToMerge { get; set; }

    public bool ToRetain { get; set; }

    public int ToTakeBack { get; set; }

    public DateTimeOffset RestsUntil { get; set; }
}
