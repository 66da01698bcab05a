using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OrleansRec.Silo.Hosting;

namespace OrleansRec.Silo.Tests.Hosting;

/// <summary>The section Cluster. Method: read planted settings; each broken rule must name its setting.</summary>
public sealed class ClusterOptionsTests
{
    [Fact]
    public void Read_Nothing_IsThisProcessAlone()
    {
        ClusterOptions options = Read();

        Assert.Equal(ClusterKind.Single, options.Kind);
        Assert.Null(options.ConnectionString);
    }

    [Fact]
    public void Read_NoConnectionString_TakesTheStorages()
    {
        Assert.Equal("Host=db", Read(("Cluster:Kind", "PostgreSql"), ("Storage:ConnectionString", "Host=db")).ConnectionString);
        Assert.Equal("Host=own", Read(("Cluster:Kind", "PostgreSql"), ("Storage:ConnectionString", "Host=db"), ("Cluster:ConnectionString", "Host=own")).ConnectionString);
    }

    [Theory]
    [InlineData("Kind", "Ring")]
    [InlineData("Kind", "PostgreSql")]
    [InlineData("SiloPort", "0")]
    [InlineData("GatewayPort", "65536")]
    [InlineData("ClusterId", "")]
    [InlineData("ProbeTimeout", "00:00:00.100")]
    [InlineData("ProbeTimeoutMax", "00:00:01")]
    [InlineData("MissedProbesMax", "0")]
    [InlineData("DrainPeriod", "-00:00:01")]
    [InlineData("ShardMovesMax", "0")]
    public void Read_BrokenRule_NamesTheSetting(string setting, string value)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Read(($"Cluster:{setting}", value)));

        Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advertised_NameOfNothing_NamesTheSetting()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => Read(("Cluster:AdvertisedAddress", "no such host")).Advertised(TestContext.Current.CancellationToken));

        Assert.Contains("Cluster:AdvertisedAddress 'no such host'", refused.Message, StringComparison.Ordinal);
    }

    private static ClusterOptions Read(params (string Name, string Value)[] settings) => ClusterOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Name, s.Value))).Build());
}
