using System.Reflection;
using System.Runtime.Loader;
using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Cluster.Tests.Upgrade;

/// <summary>Orleans' serializer over the contracts of Older/: Orleans and the grains are loaded a second time, so that nothing of today's is in reach.</summary>
internal sealed class OlderWire : AssemblyLoadContext
{
    // Not the product's own folder: what is compiled ahead there shares instances of generic types with every other copy of its assembly in the process.
    private readonly string today = AppContext.BaseDirectory;
    private readonly string older = ProductProcess.OutputOf("OrleansRec.Contracts.Older");
    private readonly dynamic serializer;

    public OlderWire() : base(nameof(OlderWire))
    {
        Contracts = LoadFromAssemblyName(new("OrleansRec.Contracts"));
        LoadFromAssemblyName(new("OrleansRec.Grains"));
        // Orleans finds its parts by an attribute of its own, which only what was loaded here has.
        MethodInfo add = LoadFromAssemblyName(new("Orleans.Serialization")).GetType("Orleans.Serialization.ServiceCollectionExtensions", throwOnError: true)!
            .GetMethods().Single(m => m.Name == "AddSerializer" && m.GetParameters() is [_, { ParameterType.IsGenericType: true }]);
        var services = new ServiceCollection();
        add.Invoke(null, [services, null]);
        serializer = services.BuildServiceProvider().GetRequiredService(add.Module.Assembly.GetType("Orleans.Serialization.Serializer", throwOnError: true)!);
    }

    public Assembly Contracts { get; }

    public object Read(byte[] bytes) => serializer.Deserialize<object>(bytes);

    public byte[] Write(object value) => serializer.SerializeToArray<object>(value);

    protected override Assembly? Load(AssemblyName name)
    {
        string file = Path.Combine(name.Name == "OrleansRec.Contracts" ? older : today, name.Name + ".dll");
        return name.Name!.StartsWith("Orleans", StringComparison.Ordinal) && File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }
}
