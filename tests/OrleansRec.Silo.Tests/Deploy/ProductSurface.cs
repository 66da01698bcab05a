using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using OrleansRec.Gateway;
using OrleansRec.Silo.Hosting;

namespace OrleansRec.Silo.Tests.Deploy;

/// <summary>What the code offers to probes: the routes that are read without a key.</summary>
public sealed class ProductSurface : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deploy-");

    internal IReadOnlySet<string> OpenPaths { get; private set; } = new HashSet<string>();

    public async ValueTask InitializeAsync()
    {
        await using WebApplication app = WebServer.Build(new(Path.Combine(_folder.FullName, "data"), Port: 0));
        OpenPaths = ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<EndpointAccess>() is { Scope: null } && e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains("GET"))
            .Select(e => "/" + e.RoutePattern.RawText!.Trim('/')).ToHashSet();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
