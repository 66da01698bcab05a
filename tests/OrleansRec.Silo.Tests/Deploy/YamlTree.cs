using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace OrleansRec.Silo.Tests.Deploy;

/// <summary>A node of a YAML file, with anchors and merge keys resolved. What is missing is an empty node, so that a reader can go on and find nothing.</summary>
internal sealed class YamlTree(object? node)
{
    /// <summary>The documents of a file.</summary>
    public static List<YamlTree> Documents(string text)
    {
        var parser = new MergingParser(new Parser(new StringReader(text)));
        IDeserializer reader = new DeserializerBuilder().WithDuplicateKeyChecking().Build();
        var documents = new List<YamlTree>();
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
            documents.Add(new(reader.Deserialize(parser)));
        return documents;
    }

    public YamlTree this[string key] => new(node is IDictionary<object, object> map && map.TryGetValue(key, out object? value) ? value : null);

    public bool Exists => node is not null;

    public string Text => node as string ?? "";

    public IEnumerable<YamlTree> Items => node is IEnumerable<object> list ? list.Select(i => new YamlTree(i)) : [];

    public IEnumerable<(string Key, YamlTree Value)> Entries =>
        node is IDictionary<object, object> map ? map.Select(e => ((string)e.Key, new YamlTree(e.Value))) : [];

    public IEnumerable<string> Texts => Items.Select(i => i.Text);
}
