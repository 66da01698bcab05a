using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansRec.Silo.Hosting;

namespace OrleansRec.Silo.Tests.Commands;

/// <summary>Goal: the health check of a container ends with 0 only for a server that wants requests. Method: a real server, one that says why not, and none.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class HealthCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("health-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Health_ReadyServer_EndsWithZero()
    {
        await using WebApplication app = WebServer.Build(new(Path.Combine(_folder.FullName, "data"), Port: 0));
        Uri address = await WebServer.Start(app, TestContext.Current.CancellationToken);

        Assert.Equal((0, "", ""), await CommandRun.Of("health", "--server", address.ToString()));
        await app.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, (await CommandRun.Of("health", "--server", address.ToString())).Code);
    }

    [Fact]
    public async Task Health_ServerThatIsNotReady_EndsWithOneAndSaysWhy()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        await using WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/health/ready", () => Results.Text("8192 writes wait for the disk", statusCode: 503));
        await app.StartAsync(TestContext.Current.CancellationToken);

        var (code, _, said) = await CommandRun.Of("health", "--server", app.Urls.Single());
        Assert.Equal(1, code);
        Assert.Contains("not ready: 503 8192 writes wait for the disk", said);
    }

    [Fact]
    public async Task Health_NoUrl_IsTheCallersMistake()
    {
        var (code, _, said) = await CommandRun.Of("health", "--server", "nowhere");
        Assert.Equal(2, code);
        Assert.Contains("server 'nowhere': must be a URL", said);
    }

    [Fact]
    public void Configuration_FolderOfSecrets_GivesItsFilesAsSettings()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "Planted__Password"), "sesame\n");
        Environment.SetEnvironmentVariable(Composition.SecretsVariable, _folder.FullName);
        try
        {
            Assert.Equal("sesame", Composition.Configuration()["Planted:Password"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Composition.SecretsVariable, null);
        }
    }
}
