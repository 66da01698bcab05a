using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Gateway;
using OrleansRec.Silo.Hosting;

namespace OrleansRec.Bench.Http;

/// <summary>
/// The least that a server behind the product's own middleware must do for a list: a server with everything that the product has, on an empty folder, and one endpoint more.
/// It is declared as a list is, takes what a list takes, and answers the stored bytes of one.
/// </summary>
internal static class EmptyEndpoint
{
    public const string Command = "empty-endpoint";

    /// <summary>Where it answers; the product has nothing there.</summary>
    public const string Path = "/v1/empty/{userId}/recommendations";

    /// <summary>Serves until it is killed.</summary>
    /// <param name="folder">An empty data folder.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="answerFile">Holds the bytes of the answer.</param>
    public static async Task<int> Run(string folder, string port, string answerFile)
    {
        byte[] answer = await File.ReadAllBytesAsync(answerFile);
        await using WebApplication app = WebServer.Build(new(folder, Port: int.Parse(port, CultureInfo.InvariantCulture), InsecureLoopback: true));
        GatewayOptions options = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value;
        app.MapGet(Path, Answer)
            .WithMetadata(new EndpointAccess(KeyScope.Read, TrafficGroups.Recommendations), new RequestSizeLimitAttribute(options.BodyBytesMax))
            .WithRequestTimeout(new RequestTimeoutPolicy { Timeout = options.RequestDeadline });
        await WebServer.Start(app, default);
        await app.WaitForShutdownAsync();
        return 0;

        IResult Answer(string userId, string? k = null, string? filter = null, string? includeSeen = null) => Results.Bytes(answer, "application/json; charset=utf-8");
    }
}
