using System.Runtime.InteropServices;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Popularity;
using OrleansRec.Model.Users;

namespace OrleansRec.Grains.Training;

/// <summary>Makes a page of histories; used in the shard's turn, in which its tables can be read.</summary>
/// <param name="texts">What the numbers in records stand for.</param>
/// <param name="types">What each type adds to r.</param>
/// <param name="rules">Which types like, and which buy.</param>
internal sealed class HistoryPageWriter(EventTexts texts, TypeMeanings types, EventTypeRules rules)
{
    private const byte IsLike = 1, IsPurchase = 2;

    private readonly Dictionary<int, int> _items = [], _sessions = [];
    private readonly List<string> _userIds = [], _itemIds = [], _sessionIds = [];
    private readonly List<int> _starts = [0], _itemOf = [], _sessionOf = [];
    private readonly List<float> _amounts = [];
    private readonly List<long> _timesMs = [];
    private readonly List<byte> _marks = [];
    private readonly List<UserAttribute[]> _attributes = [];

    public int EventCount => _itemOf.Count;

    /// <summary>Adds a user; one without events is left out. Of a robot's events the first ones are enough.</summary>
    public void Add(string userId, UserRecordEnumerator events, UserAttribute[] attributes)
    {
        foreach (RecordEvent e in events)
        {
            if (EventCount - _starts[^1] >= ShopHistories.UserEventsMax)
                break;
            string type = texts.Types[e.Type];
            _itemOf.Add(IndexOf(_items, _itemIds, e.Item, texts.Items));
            _sessionOf.Add(e.Session < 0 ? -1 : IndexOf(_sessions, _sessionIds, e.Session, texts.Sessions));
            _amounts.Add(types.Counts(e.Type) ? types.AmountOf(e.Type, e.Value, e.TimeMs) : float.NaN);
            _timesMs.Add(e.TimeMs);
            _marks.Add((byte)((rules.Likes(type, e.Value) ? IsLike : 0) | (type == UserFacts.Purchase ? IsPurchase : 0)));
        }
        if (EventCount == _starts[^1])
            return;
        _userIds.Add(userId);
        _attributes.Add(attributes);
        _starts.Add(EventCount);
    }

    public HistoryPage ToPage(string? lastUserId) => new(
        [.. _userIds], [.. _starts], [.. _itemIds], [.. _sessionIds], Bytes(_itemOf), Bytes(_sessionOf), Bytes(_amounts), Bytes(_timesMs), [.. _marks], lastUserId)
    {
        Attributes = _attributes.Exists(a => a.Length > 0) ? [.. _attributes] : [],
    };

    /// <summary>Gives the events of a page to who collects histories.</summary>
    public static void Read(HistoryPage page, ShopHistories.Builder into)
    {
        ReadOnlySpan<int> items = MemoryMarshal.Cast<byte, int>(page.ItemOf), sessions = MemoryMarshal.Cast<byte, int>(page.SessionOf);
        ReadOnlySpan<float> amounts = MemoryMarshal.Cast<byte, float>(page.Amounts);
        ReadOnlySpan<long> times = MemoryMarshal.Cast<byte, long>(page.TimesMs);
        for (int user = 0; user < page.UserIds.Length; user++)
        {
            into.BeginUser(page.UserIds[user], page.Attributes is { Length: > 0 } all ? SegmentsOf(all[user]) : null);
            for (int n = page.Starts[user]; n < page.Starts[user + 1]; n++)
                into.Add(
                    page.Items[items[n]], amounts[n], times[n], sessions[n] < 0 ? null : page.Sessions[sessions[n]],
                    (page.Marks[n] & IsLike) != 0, (page.Marks[n] & IsPurchase) != 0);
        }
    }

    private static IEnumerable<string> SegmentsOf(UserAttribute[] attributes) =>
        attributes.OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => SegmentRanks.KeyOf(a.Name, a.Value));

    private static int IndexOf(Dictionary<int, int> known, List<string> ids, int number, IdTable table)
    {
        if (!known.TryGetValue(number, out int index))
        {
            known.Add(number, index = ids.Count);
            ids.Add(table[number]);
        }
        return index;
    }

    private static byte[] Bytes<T>(List<T> values) where T : unmanaged => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)).ToArray();
}
