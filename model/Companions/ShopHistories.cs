namespace OrleansRec.Model.Companions;

/// <summary>One event of a history, with its item as a number.</summary>
/// <param name="Item">The item: a row of the model, or behind them for one that the model does not know.</param>
/// <param name="Amount">What it adds to r of its pair; NaN where its type says nothing of a taste.</param>
/// <param name="TimeMs">When, milliseconds since 1970-01-01 UTC.</param>
/// <param name="Basket">Number of its session among those of the user; −1 where it has none.</param>
/// <param name="IsLike">Whether it makes its user one who likes the item.</param>
/// <param name="IsPurchase">Whether something was bought.</param>
public readonly record struct HistoryStep(int Item, float Amount, long TimeMs, int Basket, bool IsLike, bool IsPurchase);

/// <summary>What users did, in the order of arrival: what the models beside the factorisation are built from.</summary>
/// <remarks>
/// Bounded: where more events come than are kept, the users whose hash lies in the upper half are let go, again and again. So what is kept is a share of users that depends on the events alone, and not on how
/// they were delivered. About 24 bytes an event.
/// </remarks>
public sealed class ShopHistories
{
    /// <summary>Events of one user that are read, the first to arrive: who has more is a robot or a till.</summary>
    public const int UserEventsMax = 20_000;

    private const ulong Salt = 0x9E3779B97F4A7C15;

    private readonly List<string> _userIds;
    private readonly List<int> _starts;
    private readonly List<HistoryStep> _steps;
    private readonly List<int[]> _segments;

    private ShopHistories(
        List<string> userIds, List<int> starts, List<HistoryStep> steps, List<int[]> segments, IReadOnlyList<string> segmentKeys, string[] itemIds, int itemCount, double share)
    {
        (_userIds, _starts, _steps, _segments) = (userIds, starts, steps, segments);
        (SegmentKeys, ItemIds, ItemCount, Share) = (segmentKeys, itemIds, itemCount, share);
    }

    /// <summary>Segments of one user that are kept, the first by name: who has more attributes is described, not grouped, by them.</summary>
    public const int UserSegmentsMax = 8;

    /// <summary>Different segments, at most; users of later ones are not counted in them.</summary>
    public const int SegmentKeysMax = 100_000;

    /// <summary>Characters of a segment's key, at most: a longer value is a text.</summary>
    public const int SegmentCharsMax = 128;

    /// <summary>Segments that occur, by number.</summary>
    public IReadOnlyList<string> SegmentKeys { get; }

    /// <summary>Numbers of a user's segments.</summary>
    public ReadOnlySpan<int> SegmentsOf(int user) => _segments[user];

    /// <summary>Ids of the model's rows, shape (rows).</summary>
    public string[] ItemIds { get; }

    /// <summary>Items that occur or are rows of the model; numbers of <see cref="HistoryStep.Item"/> are below it.</summary>
    public int ItemCount { get; }

    /// <summary>Users with an event.</summary>
    public int UserCount => _userIds.Count;

    /// <summary>Events of all users.</summary>
    public int EventCount => _steps.Count;

    /// <summary>Which share of the shop's users is here, 0 … 1.</summary>
    public double Share { get; }

    /// <summary>The id of a user.</summary>
    public string UserId(int user) => _userIds[user];

    /// <summary>The events of a user, in the order of arrival.</summary>
    public ReadOnlySpan<HistoryStep> Of(int user) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_steps)[_starts[user].._starts[user + 1]];

    /// <summary>The item whose first event arrived last, as <see cref="HeldOutSample.NewestItem"/> has it; −1 where the user has too few items or too many events.</summary>
    public int NewestItem(int user)
    {
        var steps = Of(user);
        if (steps.Length > HeldOutSample.EventsMax)
            return -1;
        var seen = new HashSet<int>();
        int newest = -1;
        foreach (var step in steps)
            if (seen.Add(step.Item))
                newest = step.Item;
        return seen.Count < HeldOutSample.ItemsMin ? -1 : newest;
    }

    /// <summary>The histories of the users with the lowest hashes.</summary>
    /// <param name="share">Which share of the users here, 0 … 1.</param>
    public ShopHistories Sampled(double share)
    {
        if (share >= 1)
            return this;
        var (userIds, starts, steps, segments) = (new List<string>(), new List<int> { 0 }, new List<HistoryStep>(), new List<int[]>());
        for (int user = 0; user < UserCount; user++)
        {
            if (!IsWithin(UserId(user), share * Share))
                continue;
            userIds.Add(UserId(user));
            segments.Add(_segments[user]);
            steps.AddRange(Of(user));
            starts.Add(steps.Count);
        }
        return new(userIds, starts, steps, segments, SegmentKeys, ItemIds, ItemCount, share * Share);
    }

    private static bool IsWithin(string userId, double share) => (IdHash.Mix(IdHash.Of(userId) ^ Salt) >> 11) * (1.0 / (1UL << 53)) < share;

    /// <summary>Collects users one by one, in the order of (hash, id).</summary>
    public sealed class Builder
    {
        private readonly string[] _itemIds;
        private readonly Dictionary<string, int> _numbers;
        private readonly List<string> _userIds = [];
        private readonly List<int> _starts = [0];
        private readonly List<HistoryStep> _steps = [];
        private readonly List<int[]> _segments = [];
        private readonly List<string> _segmentKeys = [];
        private readonly Dictionary<string, int> _segmentNumbers = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _baskets = new(StringComparer.Ordinal);
        private readonly int _eventsMax;
        private double _share = 1;
        private bool _isKept;

        /// <summary>Begins.</summary>
        /// <param name="itemIds">Ids of the model's rows, in order.</param>
        /// <param name="eventsMax">Events that are kept, at most, ≥ 1.</param>
        public Builder(string[] itemIds, int eventsMax)
        {
            ArgumentNullException.ThrowIfNull(itemIds);
            ArgumentOutOfRangeException.ThrowIfLessThan(eventsMax, 1);
            (_itemIds, _eventsMax) = (itemIds, eventsMax);
            _numbers = new(itemIds.Length, StringComparer.Ordinal);
            for (int row = 0; row < itemIds.Length; row++)
                _numbers.Add(itemIds[row], row);
        }

        /// <summary>Begins a user, and ends the one before.</summary>
        /// <param name="userId">Each user once.</param>
        /// <param name="segments">Keys of the user's segments, in the order of their names; of these the first <see cref="UserSegmentsMax"/> count.</param>
        public void BeginUser(string userId, IEnumerable<string>? segments = null)
        {
            EndUser();
            _isKept = IsKept(userId);
            _baskets.Clear();
            if (!_isKept)
                return;
            _userIds.Add(userId);
            _segments.Add(NumbersOf(segments));
        }

        /// <summary>Adds an event of the user under way.</summary>
        /// <param name="itemId">The item.</param>
        /// <param name="amount">What it adds to r of its pair; NaN for nothing.</param>
        /// <param name="timeMs">When.</param>
        /// <param name="session">Its session or order, or null.</param>
        /// <param name="isLike">Whether it makes its user one who likes the item.</param>
        /// <param name="isPurchase">Whether something was bought.</param>
        public void Add(string itemId, float amount, long timeMs, string? session, bool isLike, bool isPurchase)
        {
            if (!_isKept || _steps.Count - _starts[^1] >= UserEventsMax)
                return;
            int basket = session is null ? -1 : _baskets.TryGetValue(session, out int known) ? known : _baskets[session] = _baskets.Count;
            _steps.Add(new(NumberOf(itemId), amount, timeMs, basket, isLike, isPurchase));
            while (_steps.Count > _eventsMax && _userIds.Count > 1)
                Halve();
        }

        /// <summary>The histories, which take over what was collected.</summary>
        public ShopHistories Build()
        {
            EndUser();
            return new(_userIds, _starts, _steps, _segments, _segmentKeys, _itemIds, _numbers.Count, _share);
        }

        private int[] NumbersOf(IEnumerable<string>? segments)
        {
            if (segments is null)
                return [];
            var numbers = new List<int>();
            foreach (string key in segments.Where(key => key.Length <= SegmentCharsMax).Take(UserSegmentsMax))
            {
                if (!_segmentNumbers.TryGetValue(key, out int number))
                {
                    if (_segmentKeys.Count == SegmentKeysMax)
                        continue;
                    _segmentNumbers.Add(key, number = _segmentKeys.Count);
                    _segmentKeys.Add(key);
                }
                numbers.Add(number);
            }
            return [.. numbers.Distinct()];
        }

        private int NumberOf(string itemId)
        {
            if (!_numbers.TryGetValue(itemId, out int number))
                _numbers.Add(itemId, number = _numbers.Count);
            return number;
        }

        private void EndUser()
        {
            if (!_isKept)
                return;
            _isKept = false;
            if (_steps.Count == _starts[^1])
            {
                _userIds.RemoveAt(_userIds.Count - 1);
                _segments.RemoveAt(_segments.Count - 1);
            }
            else
                _starts.Add(_steps.Count);
        }

        private bool IsKept(string userId) => IsWithin(userId, _share);

        /// <summary>Lets half of the users go, the one under way among them where its hash says so.</summary>
        private void Halve()
        {
            _share /= 2;
            _starts.Add(_steps.Count);
            int users = 0, steps = 0;
            bool isLastKept = false;
            for (int user = 0; user < _userIds.Count; user++)
            {
                if (!(isLastKept = IsKept(_userIds[user])))
                    continue;
                int start = _starts[user], end = _starts[user + 1];
                (_userIds[users], _starts[users], _segments[users]) = (_userIds[user], steps, _segments[user]);
                for (int n = start; n < end; n++)
                    _steps[steps++] = _steps[n];
                users++;
            }
            _isKept = isLastKept;
            _userIds.RemoveRange(users, _userIds.Count - users);
            _segments.RemoveRange(users, _segments.Count - users);
            _steps.RemoveRange(steps, _steps.Count - steps);
            // The user under way, where it stays, is not ended yet: its start is the last one.
            _starts.RemoveRange(users, _starts.Count - users);
            if (!isLastKept)
                _starts.Add(steps);
        }
    }
}
