using System.Buffers.Text;
using OrleansRec.Bench.Shapes;

namespace OrleansRec.Bench.Http;

/// <summary>The requests of a shop whose history <see cref="HistoryCsv"/> wrote: any user, popular items more often.</summary>
internal sealed class ShopRequests(HistoryShape shape, int seed, int usersMax = int.MaxValue)
{
    private const int BodyBytesMax = 240 << 10;

    private readonly Random random = new(seed);
    private readonly byte[] body = new byte[BodyBytesMax];

    public int List(Span<byte> target) => Get("/v1/users/user-"u8, target);

    /// <summary>The same question to <see cref="EmptyEndpoint"/>.</summary>
    public int EmptyList(Span<byte> target) => Get("/v1/empty/user-"u8, target);

    /// <summary>A list of 10 to 59 entries, so that it is seldom one of the two that the user's grain has kept.</summary>
    public int ListOfAnyLength(Span<byte> target) => ListOfAnyLength(target, ""u8);

    /// <summary>The same of the scenario "bench", under a condition more.</summary>
    public int ListWithRules(Span<byte> target) => ListOfAnyLength(target, "&scenario=bench&where=item.price%20%3C%2090"u8);

    private int ListOfAnyLength(Span<byte> target, ReadOnlySpan<byte> more)
    {
        var request = new RequestText(target);
        request.Put("GET /v1/users/user-"u8);
        request.Put(User());
        request.Put("/recommendations?k="u8);
        request.Put(random.Next(10, 60));
        request.Put(more);
        request.Put(" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8);
        return request.Length;
    }

    private int Get(ReadOnlySpan<byte> path, Span<byte> target)
    {
        var request = new RequestText(target);
        request.Put("GET "u8);
        request.Put(path);
        request.Put(User());
        request.Put("/recommendations?k=10 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8);
        return request.Length;
    }

    public int Event(Span<byte> target) => Post("/v1/events"u8, target, 1);

    public int EventThenList(Span<byte> target) => Post("/v1/events?then=recommend"u8, target, 1);

    /// <summary>Answered with a list of the scenario "blend".</summary>
    public int EventThenBlendedList(Span<byte> target) => Post("/v1/events?then=recommend&scenario=blend"u8, target, 1);

    /// <summary>An array of events of as many users.</summary>
    public RequestWriter Batch(int events) => target => Post("/v1/events"u8, target, events);

    private int Post(ReadOnlySpan<byte> path, Span<byte> target, int events)
    {
        var content = new RequestText(body);
        content.Put(events == 1 ? "{"u8 : "[{"u8);
        for (int n = 0; n < events; n++)
        {
            content.Put(n == 0 ? "\"eventId\":\"e"u8 : "},{\"eventId\":\"e"u8);
            content.Put(random.NextInt64());
            content.Put("\",\"userId\":\"user-"u8);
            content.Put(User());
            content.Put("\",\"itemId\":\"item-"u8);
            content.Put((int)(shape.Items * Math.Pow(random.NextDouble(), 3)));
            content.Put("\",\"type\":\"view\""u8);
        }
        content.Put(events == 1 ? "}"u8 : "}]"u8);
        var request = new RequestText(target);
        request.Put("POST "u8);
        request.Put(path);
        request.Put(" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "u8);
        request.Put(content.Length);
        request.Put("\r\n\r\n"u8);
        request.Put(body.AsSpan(0, content.Length));
        return request.Length;
    }

    private int User() => random.Next(Math.Min(shape.Users, usersMax));

    private ref struct RequestText(Span<byte> target)
    {
        private readonly Span<byte> target = target;

        public int Length { get; private set; }

        public void Put(ReadOnlySpan<byte> text)
        {
            text.CopyTo(target[Length..]);
            Length += text.Length;
        }

        public void Put(long number)
        {
            Utf8Formatter.TryFormat(number, target[Length..], out int written);
            Length += written;
        }
    }
}
