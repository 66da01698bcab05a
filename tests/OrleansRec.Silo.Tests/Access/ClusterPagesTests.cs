namespace OrleansRec.Silo.Tests.Access;

/// <summary>
/// Goal: Orleans' dashboard shows what lies below the tenants to admins of the default tenant alone. Method: every route below /orleans of the product's own server,
/// asked as every kind of visitor.
/// </summary>
[Collection(nameof(AccessServer))]
public sealed class ClusterPagesTests(AccessServer server)
{
    private const string OfSilo = "127.0.0.1:1@1";

    private static readonly Visitor[] allowed = [Visitor.Admin, Visitor.System, Visitor.OverRate];

    [Fact]
    public void Routes_BelowOrleans_AreThere() => Assert.Contains("/orleans/ClusterStats", Targets());

    public static TheoryData<Visitor> Everybody => [.. Visitors.All];

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task Pages_AreForAdminsOfTheDefaultTenant(Visitor visitor)
    {
        var wrong = new List<string>();
        // Figures of one silo are asked for by its address; who is let in is asked of the others, so that nothing waits for a silo that is not there.
        foreach (string target in Targets().Where(t => !allowed.Contains(visitor) || !t.EndsWith(OfSilo, StringComparison.Ordinal)))
        {
            using HttpResponseMessage answer = await server.Send(HttpMethod.Get, target, visitor, null);
            bool isSentAway = (int)answer.StatusCode == 302 && answer.Headers.Location!.OriginalString.Contains("/dashboard/login", StringComparison.Ordinal);
            if (isSentAway == allowed.Contains(visitor))
                wrong.Add($"{target}: {(int)answer.StatusCode} {answer.Headers.Location}");
            if (target == "/orleans/ClusterStats" && allowed.Contains(visitor) && (int)answer.StatusCode != 200)
                wrong.Add($"{target}: {(int)answer.StatusCode}");
            if (target == "/orleans/" && allowed.Contains(visitor) && ((int)answer.StatusCode != 200 || !answer.Headers.Contains("Content-Security-Policy")))
                wrong.Add($"{target}: {(int)answer.StatusCode}, or no content policy");
        }
        Assert.True(wrong.Count == 0, $"As {visitor}:\n" + string.Join('\n', wrong));
    }

    /// <summary>A request for each route: what stands for a part of the path is some word.</summary>
    private string[] Targets() =>
    [
        .. server.Endpoints.Where(AccessMatrix.IsClusterPage).Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/'))
            .Select(p => p.Replace("{*address}", OfSilo, StringComparison.Ordinal).Replace("{*path}", OfSilo, StringComparison.Ordinal)).Select(p => System.Text.RegularExpressions.Regex.Replace(p, @"\{[^}]*\}", "1")).Distinct(),
    ];
}
