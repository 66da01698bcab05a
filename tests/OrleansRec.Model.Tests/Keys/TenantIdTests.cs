namespace OrleansRec.Model.Tests.Keys;

/// <summary>Which names are tenants: a name stands in keys, file names and metrics, so nothing is let in that ends a key or means another one.</summary>
public sealed class TenantIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("acme-2")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void Of_AName_KeepsIt(string name)
    {
        Assert.Equal(name, TenantId.Of(name).Name);
        Assert.NotEqual(TenantId.Default, TenantId.Of(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("Acme")]
    [InlineData("a/b")]
    [InlineData("a_b")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public void Of_AnotherText_IsRefusedWithTheRule(string name)
    {
        Assert.Contains(TenantId.Rule, Assert.Throws<ArgumentException>(() => TenantId.Of(name)).Message);
        Assert.False(TenantId.TryParse(name, out _));
    }

    [Fact]
    public void Default_HoweverItIsMade_IsOneTenant()
    {
        Assert.Equal(TenantId.Default, TenantId.Of("default"));
        Assert.Equal(TenantId.Default, default);
        Assert.Equal("default", default(TenantId).Name);
        Assert.NotEqual(TenantId.System, TenantId.Default);
    }
}
