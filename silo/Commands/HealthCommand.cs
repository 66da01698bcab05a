using System.CommandLine;
using System.Globalization;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>health: asks a server whether it should get requests. For health checks of containers, whose image holds no other program.</summary>
internal static class HealthCommand
{
    /// <summary>A server that takes longer does not count as ready.</summary>
    private static readonly TimeSpan answerPeriodMax = TimeSpan.FromSeconds(4);

    public static Command Make()
    {
        var server = CommandOptions.Server();
        server.DefaultValueFactory = _ => $"http://127.0.0.1:{new ServerOptions().Port.ToString(CultureInfo.InvariantCulture)}";
        return new Command("health", "Ask a server whether it is ready; ends with 0 only where it is.").Does(async (parsed, cancellation) =>
        {
            string given = parsed.GetValue(server)!;
            if (!Uri.TryCreate(given, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
                throw new BadInputException("server", given, "must be a URL such as http://127.0.0.1:5150");
            return await Ask(address, cancellation);
        }, server);
    }

    private static async Task<int> Ask(Uri address, CancellationToken cancellation)
    {
        using var handler = new HttpClientHandler();
        // A certificate bears the public name: this machine's own server is asked by another one.
        if (address.IsLoopback)
            handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
        using var http = new HttpClient(handler) { Timeout = answerPeriodMax };
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(address, "/health/ready"), cancellation);
            if (answer.IsSuccessStatusCode)
                return ExitCodes.Done;
            await Console.Error.WriteLineAsync($"not ready: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            await Console.Error.WriteLineAsync($"not ready: {e.Message}");
        }
        return ExitCodes.Failed;
    }
}
