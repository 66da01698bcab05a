using System.Buffers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;

namespace OrleansRec.Simulation.Engine.Activations;

/// <summary>What a grain takes along when it moves: values by key, as bytes.</summary>
internal sealed class MigrationState(IServiceProvider services) : IDehydrationContext, IRehydrationContext
{
    private readonly Serializer _serializer = services.GetRequiredService<Serializer>();
    private readonly SortedDictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    public IEnumerable<string> Keys => _values.Keys;

    public void AddBytes(string key, ReadOnlySpan<byte> value) => _values.Add(key, value.ToArray());

    public void AddBytes<T>(string key, Action<T, IBufferWriter<byte>> valueWriter, T value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        valueWriter(value, bytes);
        _values.Add(key, bytes.WrittenSpan.ToArray());
    }

    public bool TryAddValue<T>(string key, T? value) => _serializer.CanSerialize<T>() && _values.TryAdd(key, _serializer.SerializeToArray(value));

    public bool TryGetBytes(string key, out ReadOnlySequence<byte> value)
    {
        value = _values.TryGetValue(key, out var bytes) ? new(bytes) : default;
        return bytes is not null;
    }

    public bool TryGetValue<T>(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? value)
    {
        value = _values.TryGetValue(key, out var bytes) ? _serializer.Deserialize<T>((ReadOnlySpan<byte>)bytes) : default;
        return value is not null;
    }
}
